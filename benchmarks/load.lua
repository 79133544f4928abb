-- wrk: send the prepared requests in turn, each thread its share; stop when requests that count once have all been sent.
-- The file named by REQUESTS returns {once = true|false, list = {"GET / HTTP/1.1\r\n…", …}}.
local threads = 0

function setup(thread)
    thread:set("mine", threads)
    threads = threads + 1
end

function init()
    local prepared = dofile(os.getenv("REQUESTS"))
    list, once = prepared.list, prepared.once
    step = tonumber(os.getenv("THREADS"))
    place = mine + 1 - step
end

function request()
    place = place + step
    if place > #list then
        if once then
            wrk.thread:stop()
            place = #list
        else
            place = mine + 1
        end
    end
    return list[math.min(place, #list)]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\nRESULT {"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "errors": %d}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
