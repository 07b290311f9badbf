dofile(debug.getinfo(1).source:match("^@(.*/)") .. "report.lua")

wrk.method = "PUT"; wrk.headers["Content-Type"] = "application/json"
local n = 0
request = function() n = n + 1; return wrk.format(nil, "/api/chat/read/h" .. (n % 1000 + 1), nil, '{"sender":"admin"}') end
