-- External authorization for HAProxy: asks the guard about a request, with HAProxy's own HTTP client. Loaded with lua-load-per-thread, called by
-- http-request lua.holdfast in guard.cfg. Tried with HAProxy 2.6.12 and Lua 5.3 (Debian 12).
local guard = os.getenv("HOLDFAST_GUARD")
local secret = os.getenv("HOLDFAST_PROXY_SECRET")

-- Every line of a field, in order. HAProxy counts from 0, the client from 1.
local function lines(fields, name)
  local copy, found = {}, fields[name] or {}
  for i = 0, #found do copy[i + 1] = found[i] end
  return copy
end

local function deny(txn, status, fields)
  txn:done(txn:reply { status = status, headers = fields })
end

core.register_action("holdfast", { "http-req" }, function(txn)
  local sent = txn.http:req_get_headers()
  -- FWD-50 to FWD-52: what the client sent, each once. FWD-63: all lines of Authorization and DPoP, so that the guard sees a second one.
  local ask = {
    ["authorization"] = lines(sent, "authorization"), ["dpop"] = lines(sent, "dpop"), ["traceparent"] = lines(sent, "traceparent"),
    ["x-original-method"] = { txn.f:method() }, ["x-original-scheme"] = { "https" },
    ["x-original-host"] = lines(sent, "host"), ["x-original-uri"] = { txn.f:pathq() },
    ["x-ssl-client-used"] = { tostring(txn.f:ssl_c_used()) }, ["x-ssl-client-verify"] = { tostring(txn.f:ssl_c_verify()) },
    ["holdfast-proxy-secret"] = { secret },
  }
  if txn.f:ssl_c_used() == 1 then ask["x-ssl-client-cert"] = { txn.c:base64(txn.f:ssl_c_der()) } end
  -- The client tries four times by itself, and a second try would meet the guard as a replay: the time-out is above the guard's
  -- decision_timeout (2 s), so that only a guard that is gone is asked again.
  local answer = core.httpclient():get { url = "http://guard/authorize/haproxy", dst = guard, headers = ask, timeout = 3000 }
  -- FWD-59: whatever is not the guard's own answer denies; HAProxy's client says 502 and 504 for a guard that is gone or slow.
  local said = answer and answer.headers or {}
  local context = lines(said, "holdfast-context")
  if not answer or not said["holdfast-status"] then return deny(txn, 503, {}) end
  if answer.status ~= 200 or #context ~= 1 or context[1] == "" then
    return deny(txn, answer.status == 200 and 503 or answer.status, {
      ["www-authenticate"] = lines(said, "www-authenticate"), ["dpop-nonce"] = lines(said, "dpop-nonce"),
      ["retry-after"] = lines(said, "retry-after"), ["cache-control"] = { "no-store" },
    })
  end
  -- FWD-62: in place of whatever the client sent.
  txn.http:req_set_header("Holdfast-Context", context[1])
  if said["dpop-nonce"] then txn:set_var("txn.holdfast_nonce", said["dpop-nonce"][0]) end
end, 0)
