dofile(debug.getinfo(1).source:match("^@(.*/)") .. "report.lua")

wrk.method = "PUT"
local n = 0
request = function() n = n + 1; return wrk.format(nil, "/api/chat/close/h" .. (n % 1000 + 1)) end
