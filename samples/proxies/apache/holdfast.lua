-- External authorization for Apache: asks the guard about a request before it is forwarded. Called by LuaHookAccessChecker in guard.conf. Apache has no
-- HTTP client for Lua, so this speaks HTTP over LuaSocket (Debian: lua-socket). Tried with Apache 2.4.71 and Lua 5.3 (Debian 12).
local unix = require "socket.unix"
local guard = os.getenv("HOLDFAST_GUARD")
local refusals = { [400] = true, [401] = true, [403] = true, [503] = true }

-- Sends one GET and reads status and fields of the answer, lines of one name joined; nothing where the guard is gone, slow, or no HTTP server.
local function read(socket, lines)
  if not socket:connect(guard) or not socket:send(table.concat(lines, "\r\n") .. "\r\n\r\n") then return end
  local answer = { status = tonumber((socket:receive("*l") or ""):match("^HTTP/1%.1 (%d%d%d) ")) }
  while answer.status do
    local line = socket:receive("*l")
    if line == "" then return answer end
    local name, value = (line or ""):match("^([^:]+):%s*(.-)%s*$")
    if not name then return end
    name = name:lower()
    answer[name] = answer[name] and answer[name] .. ", " .. value or value
  end
end

local function ask(lines)
  local socket = unix()
  socket:settimeout(3, "t")  -- Above the guard's decision_timeout (2 s).
  local answer = read(socket, lines)
  socket:close()
  return answer or {}
end

function authorize(r)
  -- What only a proxy may say is gone by now (client-fields.conf); of the rest, nothing with an underscore goes on (FWD-21).
  for name in pairs(r:headers_in_table()) do
    if name:find("_", 1, true) then r.headers_in[name] = nil end
  end
  -- FWD-65: of a target with a name of its own, Apache has put that name into Host; what follows it is the path.
  local uri = r.unparsed_uri:match("^/.*$") or r.unparsed_uri:match("^%a+://[^/?#]*(/.*)$")
  if not uri then return 400 end
  -- FWD-50 to FWD-52: the client's own method, host and raw URI.
  local lines = {
    "GET /authorize/apache HTTP/1.1", "Host: guard", "Connection: close",
    "X-Original-Method: " .. r.method, "X-Original-Scheme: https", "X-Original-Host: " .. (r.headers_in["Host"] or ""),
    "X-Original-URI: " .. uri, "X-SSL-Client-Verify: " .. r:ssl_var_lookup("SSL_CLIENT_VERIFY"),
  }
  -- FWD-63: Apache has joined several lines with commas, and the guard takes a comma for a second proof or token.
  for _, name in ipairs { "Authorization", "DPoP", "traceparent" } do
    if r.headers_in[name] then lines[#lines + 1] = name .. ": " .. r.headers_in[name] end
  end
  local certificate = r:ssl_var_lookup("SSL_CLIENT_CERT") or ""
  if certificate ~= "" then lines[#lines + 1] = "X-SSL-Client-Cert: " .. certificate:gsub("\n", " ") end

  local answer = ask(lines)
  r.err_headers_out["DPoP-Nonce"] = answer["dpop-nonce"]
  if answer["dpop-nonce"] then r.err_headers_out["Cache-Control"] = "no-store" end
  if answer.status == 200 and (answer["holdfast-context"] or "") ~= "" then
    -- FWD-62: in place of whatever the client sent.
    r.headers_in["Holdfast-Context"] = answer["holdfast-context"]
    return apache2.DECLINED
  end
  -- FWD-59: whatever is not the guard's own answer denies; an error in this script does too, as 500.
  r.err_headers_out["WWW-Authenticate"] = answer["www-authenticate"]
  r.err_headers_out["Retry-After"] = answer["retry-after"]
  return refusals[answer.status] and answer["holdfast-status"] and answer.status or 503
end
