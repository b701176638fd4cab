import { storeScript } from '../store/store-script.ts'

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

// Suspensions are JSON in a hash by subject, ended ones as long as they are remembered; beside it a sorted set says until when.
const forget = `
for _, subject in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('HDEL', KEYS[1], subject)
  redis.call('ZREM', KEYS[2], subject)
end
`

/**
 * KEYS: suspensions, until when they are remembered, channel, the counter.
 * ARGV: count, window, for, longest, remembered, subject, signal, value, most.
 */
export const noteScript = storeScript(`${now}
local count, window, base, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local subject, times = ARGV[6], 1
local kept = redis.call('HGET', KEYS[1], subject)
if kept then
  local before = cjson.decode(kept)
  if before.ends > now then return false end
  if before.ends + ARGV[5] > now then times = before.times + 1 end
end
redis.call('ZADD', KEYS[4], now, ARGV[8])
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - window)
redis.call('PEXPIRE', KEYS[4], window)
if redis.call('ZCARD', KEYS[4]) < count then return false end
redis.call('DEL', KEYS[4])
${forget}
while redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[9]) do
  redis.call('HDEL', KEYS[1], redis.call('ZPOPMIN', KEYS[2])[1])
end
local lasts = math.min(base * 2 ^ math.min(times - 1, 30), longest)
local one = { subject = subject, signal = ARGV[7], times = times, ends = now + lasts }
redis.call('HSET', KEYS[1], subject, cjson.encode(one))
redis.call('ZADD', KEYS[2], now + lasts + ARGV[5], subject)
local told = cjson.encode({ subject = subject, signal = ARGV[7], times = times, lasts = lasts })
redis.call('PUBLISH', KEYS[3], told)
return told`)

/** KEYS: as above, without a counter. Each that holds, as JSON. */
export const listScript = storeScript(`${now}
${forget}
local told = {}
for _, kept in ipairs(redis.call('HVALS', KEYS[1])) do
  local one = cjson.decode(kept)
  if one.ends > now then
    told[#told + 1] = cjson.encode({
      subject = one.subject, signal = one.signal, times = one.times, lasts = one.ends - now,
    })
  end
end
return told`)

/** KEYS: as above, without a counter. ARGV: the subject; everybody without. */
export const liftScript = storeScript(`
local subject = ARGV[1]
if subject then
  redis.call('HDEL', KEYS[1], subject)
  redis.call('ZREM', KEYS[2], subject)
else
  redis.call('DEL', KEYS[1], KEYS[2])
end
redis.call('PUBLISH', KEYS[3], cjson.encode({ lifted = subject or cjson.null }))
return 1`)
