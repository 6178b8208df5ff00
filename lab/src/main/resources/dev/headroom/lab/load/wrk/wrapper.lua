-- Runs inside wrk, once in each of its Lua states, in the place of the user's script, which it loads first. The locals `script` (nil
-- where there is none), `figures` and `timeout` are set in the line above.

if script then
  local loaded, cause = pcall(dofile, script)
  if not loaded then
    io.stderr:write("the script can't be loaded: ", tostring(cause), "\n")
    os.exit(9)
  end
end

-- wrk keeps its latencies as counts by microsecond, and gives them out one look-up of the whole table each: minutes for a slow service.
-- The same table through LuaJIT's own access to memory takes milliseconds. Believed only where what is known otherwise stands in it too.
local function table_of_counts(latency)
  local there, ffi = pcall(require, "ffi")
  if not there then return nil end
  local stats = ffi.cast("uint64_t **", latency)[0] -- count, limit, min, max, counts
  local function at(i) return tonumber(stats[i]) end
  if at(1) == timeout + 1 and at(2) == latency.min and at(3) == latency.max and at(3) < at(1) then
    return function(each)
      for value = at(2), at(3) do
        local count = at(4 + value)
        if count > 0 then each(value, count) end
      end
    end
  end
end

local function one_by_one(latency)
  local distinct = #latency
  if distinct * (latency.max - latency.min) > 2e9 then return nil end
  return function(each)
    for i = 1, distinct do each(latency(i)) end
  end
end

local function hand_over(summary, latency)
  local out = assert(io.open(figures, "w"))
  local function line(name, value) out:write(name, string.format(" %.17g\n", value)) end
  line("duration", summary.duration)
  line("requests", summary.requests)
  line("bytes", summary.bytes)
  for _, kind in ipairs({"connect", "read", "write", "status", "timeout"}) do
    line(kind, summary.errors[kind])
  end
  if summary.requests > summary.errors.timeout then
    for _, name in ipairs({"min", "mean", "stdev", "max"}) do line(name, latency[name]) end
    for _, p in ipairs({50, 75, 90, 95, 99, 99.9}) do line("p" .. p, latency:percentile(p)) end
    local found, counts = pcall(table_of_counts, latency)
    counts = found and counts or one_by_one(latency)
    if counts then
      counts(function(value, count) out:write(string.format("count %.0f %.0f\n", value, count)) end)
    end
  end
  out:write("end 0\n")
  assert(out:close())
end

-- The user's done, whenever it is defined: by the script, or later by its setup.
local function wrap()
  local theirs = done
  if _G.headroom_done and theirs == _G.headroom_done then return end
  function done(summary, latency, requests)
    hand_over(summary, latency)
    if theirs then return theirs(summary, latency, requests) end
  end
  _G.headroom_done = done
end

local setup_of_wrk = wrk.setup
function wrk.setup(thread)
  setup_of_wrk(thread)
  wrap()
end
wrap()
