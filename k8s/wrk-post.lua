-- POST /predict with rows of the iris data set, one after another.  wrk -t4 -c1000 -d90s -s wrk-post.lua http://ADDRESS/predict
-- At the end one JSON object: requests, errors by kind, latency in milliseconds, bytes.

-- sepal length, sepal width, petal length, petal width, in centimetres: six flowers of each species
local rows = {
  {5.1, 3.5, 1.4, 0.2}, {4.9, 3.0, 1.4, 0.2}, {5.4, 3.9, 1.7, 0.4}, {4.6, 3.4, 1.4, 0.3}, {5.8, 4.0, 1.2, 0.2}, {5.0, 3.3, 1.4, 0.2},
  {7.0, 3.2, 4.7, 1.4}, {6.4, 3.2, 4.5, 1.5}, {5.5, 2.3, 4.0, 1.3}, {4.9, 2.4, 3.3, 1.0}, {5.9, 3.2, 4.8, 1.8}, {6.0, 2.7, 5.1, 1.6},
  {6.3, 3.3, 6.0, 2.5}, {5.8, 2.7, 5.1, 1.9}, {4.9, 2.5, 4.5, 1.7}, {7.9, 3.8, 6.4, 2.0}, {6.0, 2.2, 5.0, 1.5}, {5.9, 3.0, 5.1, 1.8},
}

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

local requests = {}
local last = 0

function init(args)
  for i, row in ipairs(rows) do
    local body = string.format('{"sepal_length":%.1f,"sepal_width":%.1f,"petal_length":%.1f,"petal_width":%.1f}', row[1], row[2], row[3], row[4])
    requests[i] = wrk.format(nil, nil, nil, body)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration_ms":%.3f,"bytes":%d,' ..
    '"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d},' ..
    '"latency_ms":{"min":%.3f,"mean":%.3f,"stdev":%.3f,"p50":%.3f,"p75":%.3f,"p90":%.3f,"p95":%.3f,"p99":%.3f,"p99.9":%.3f,"max":%.3f}}\n',
    summary.requests, summary.duration / 1000, summary.bytes,
    e.connect, e.read, e.write, e.status, e.timeout,
    latency.min / 1000, latency.mean / 1000, latency.stdev / 1000,
    latency:percentile(50) / 1000, latency:percentile(75) / 1000, latency:percentile(90) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000, latency:percentile(99.9) / 1000, latency.max / 1000))
end
