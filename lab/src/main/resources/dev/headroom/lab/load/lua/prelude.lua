-- What wrk gives a script: the table `wrk`, threads, addresses, statistics. Runs first in each Lua state. `host` asks the program: it
-- returns its answer, or nil and the problem, which is raised here, since an error must not leap over frames of Java.

local host, url, scheme, name, port, path = ...

local function ask(...)
  local answer, problem, more = host(...)
  if problem then error(problem, 3) end
  return answer, more
end

-- A kind of object as scripts see it in wrk: userdata with methods. What stands behind an object is told by `values`.
local function kind(methods)
  local template, values = newproxy(true), setmetatable({}, {__mode = "k"})
  for event, method in pairs(methods(values)) do getmetatable(template)[event] = method end
  return function(value)
    local object = newproxy(template)
    values[object] = value
    return object
  end, values
end

local address, addresses = kind(function(values)
  return {__tostring = function(self) return values[self] end}
end)

local thread = kind(function(values)
  local methods = {
    get = function(self, key) return (ask("get", values[self], key)) end,
    set = function(self, key, value) ask("set", values[self], key, value) end,
    stop = function(self) ask("stop", values[self]) end,
  }
  return {
    __index = function(self, key)
      if key == "addr" then return address((ask("address", values[self]))) end
      return methods[key]
    end,
    __newindex = function(self, key, value)
      if key ~= "addr" then error("cannot set '" .. tostring(key) .. "' on thread", 2) end
      if not addresses[value] then error("`addr' expected", 2) end
      ask("direct", values[self], addresses[value])
    end,
  }
end)

local statistics = kind(function(values)
  local function percentile(self, p) return (ask("percentile", values[self], p)) end
  return {
    __index = function(self, key)
      if key == "percentile" then return percentile end
      if key == "min" or key == "max" or key == "mean" or key == "stdev" then return (ask(key, values[self])) end
    end,
    __len = function(self) return (ask("distinct", values[self])) end,
    __call = function(self, index) return ask("value", values[self], index) end,
  }
end)

wrk = {scheme = scheme, host = name, port = port, path = path, method = "GET", headers = {}, body = nil, thread = nil}
package.loaded.wrk = wrk

function wrk.lookup(of, service)
  local found = {}
  for each in ask("lookup", of, service):gmatch("[^\n]+") do found[#found + 1] = address(each) end
  return found
end

function wrk.connect(to)
  if not addresses[to] then error("`addr' expected", 2) end
  return (ask("connect", addresses[to]))
end

function wrk.resolve(of, service)
  wrk.addrs = {}
  for _, each in ipairs(wrk.lookup(of, service)) do
    if wrk.connect(each) then table.insert(wrk.addrs, each) end
  end
end

function wrk.setup(one)
  one.addr = wrk.addrs[1]
  if type(setup) == "function" then setup(one) end
end

function wrk.init(args)
  if not wrk.headers["Host"] then
    local shown = wrk.host:find(":", 1, true) and "[" .. wrk.host .. "]" or wrk.host
    wrk.headers["Host"] = wrk.port and shown .. ":" .. wrk.port or shown
  end
  if type(init) == "function" then init(args) end
  local fixed = wrk.format()
  wrk.request = function() return fixed end
end

function wrk.format(method, path, headers, body)
  headers, body = headers or wrk.headers, body or wrk.body
  if not headers["Host"] then headers["Host"] = wrk.headers["Host"] end
  headers["Content-Length"] = body and #body
  local lines = {string.format("%s %s HTTP/1.1", method or wrk.method, path or wrk.path)}
  for field, value in pairs(headers) do lines[#lines + 1] = string.format("%s: %s", field, value) end
  lines[#lines + 1] = ""
  lines[#lines + 1] = body or ""
  return table.concat(lines, "\r\n")
end

-- What the program calls.
local enter = {}

function enter.resolve(service)
  wrk.resolve(wrk.host, service)
  return #wrk.addrs
end

function enter.adopt(index) wrk.thread = thread(index) end
function enter.setup(index) wrk.setup(thread(index)) end
function enter.init() wrk.init({[0] = url}) end
function enter.request() return (type(request) == "function" and request or wrk.request)() end
function enter.flush() io.stdout:flush() end

function enter.done(duration, requests, bytes, connect, read, write, status, timeout)
  local errors = {connect = connect, read = read, write = write, status = status, timeout = timeout}
  done({duration = duration, requests = requests, bytes = bytes, errors = errors}, statistics("latency"), statistics("requests"))
end

return function(what, ...) return enter[what](...) end
