-- What bench/lib/wrk.mjs reads.
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "us": %d, "p50_us": %d, "p99_us": %d, "failed": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
