dofile(debug.getinfo(1).source:match("^@(.*/)") .. "report.lua")

wrk.method = "POST"; wrk.headers["Content-Type"] = "application/json"
local n = 0
request = function() n = n + 1; return wrk.format(nil, "/api/chat/initialize", nil, '{"clientId":"h' .. (n % 1000 + 1) .. '"}') end
