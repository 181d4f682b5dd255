-- Asks Postern about a call: `http-request lua.postern ADDRESS:PORT`. See haproxy.cfg beside this file.
-- 200 lets the call go on with every identity header set; any other answer of Postern's goes to the caller as it is; no
-- answer is 503. Only an allow sets txn.postern_allowed, without which haproxy.cfg lets no call pass.

-- The headers of the caller's that Postern is shown. Add the one of your own that carries keys, in lower case.
local shown = { "authorization", "x-api-key", "x-request-id" }

-- The headers of an allow that your service is shown.
local identity = {
  "x-postern-key-id", "x-postern-key-name", "x-postern-client", "x-postern-subject", "x-postern-principal",
  "x-request-id",
}

-- The headers of a refusal that the caller is shown.
local told = {
  "content-type", "cache-control", "retry-after", "www-authenticate", "ratelimit", "ratelimit-policy", "x-request-id",
}

local timeout_ms = 5000

-- The values of a header, which HAProxy counts from 0.
local function values(headers, name)
  local found, at = {}, 0
  while headers[name] ~= nil and headers[name][at] ~= nil do
    found[#found + 1] = headers[name][at]
    at = at + 1
  end
  return found
end

local function answer(txn, status, headers, body)
  local reply = txn:reply({ status = status })
  for _, header in ipairs(headers) do reply:add_header(header[1], header[2]) end
  reply:set_body(body)
  txn:done(reply)
end

core.register_action("postern", { "http-req" }, function(txn, address)
  local given = txn.http:req_get_headers()
  local asked = {
    ["x-forwarded-method"] = { txn.f:method() },
    ["x-forwarded-uri"] = { txn.f:pathq() },
    ["x-forwarded-host"] = values(given, "host"),
    ["x-forwarded-for"] = { txn.f:src() },
  }
  for _, name in ipairs(shown) do
    local found = values(given, name)
    if #found > 0 then asked[name] = found end
  end
  local response = core.httpclient():get({
    url = "http://" .. address .. "/authz/forward-auth",
    headers = asked,
    timeout = timeout_ms,
  })
  if response == nil or response.status == nil or response.status == 0 then
    return answer(txn, 503, { { "retry-after", "10" } }, "")
  end
  if response.status == 200 then
    for _, name in ipairs(identity) do
      local found = values(response.headers, name)
      -- Postern sends each of them, once and never empty. Anything else is not Postern's allow.
      if #found ~= 1 or found[1] == "" then return answer(txn, 503, { { "retry-after", "10" } }, "") end
      txn.http:req_set_header(name, found[1])
    end
    txn:set_var("txn.postern_allowed", true)
    return
  end
  local headers = {}
  for _, name in ipairs(told) do
    for _, value in ipairs(values(response.headers, name)) do headers[#headers + 1] = { name, value } end
  end
  -- A 2xx that is not 200 is not an allow, nor an answer for a caller.
  local status = response.status
  if status < 400 then status = 503 end
  return answer(txn, status, headers, response.body or "")
end, 1)
