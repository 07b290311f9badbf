wrk.method = "PUT"; wrk.headers["Content-Type"] = "application/json"
local n = 0
request = function() n = n + 1; return wrk.format(nil, "/api/chat/read/h" .. (n % 1000 + 1), nil, '{"sender":"admin"}') end

-- What main.mjs reads.
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "us": %d, "p50_us": %d, "p99_us": %d, "failed": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
