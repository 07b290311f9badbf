dofile(debug.getinfo(1).source:match("^@(.*/)") .. "report.lua")

-- One session: a visitor owns few.
request = function() return wrk.format("GET", "/api/chat/history/h10?page=1&limit=50") end
