dofile(debug.getinfo(1).source:match("^@(.*/)") .. "report.lua")

request = function() return wrk.format("GET", "/api/chat/sessions") end
