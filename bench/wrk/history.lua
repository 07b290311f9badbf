dofile(debug.getinfo(1).source:match("^@(.*/)") .. "report.lua")

local n = 0
request = function() n = n + 1; return wrk.format("GET", "/api/chat/history/h" .. (n % 1000 + 1) .. "?page=1&limit=50") end
