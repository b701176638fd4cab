import { storeScript } from '../store/store-script.ts'

// Each counts in two steps, so that several limits of a request are counted all or none: `look` rules and leaves in the
// limit what `count` needs; `back` takes back what was counted last. Times are milliseconds of the store's clock. Where that
// goes back, nothing comes back earlier for it.

/**
 * Gives `ends`, for each window of the calendar (UTC) the function from a moment to the end of its window, in ms; months
 * by way of days since 1 March 0000 (Hinnant, chrono-compatible low-level date algorithms).
 */
export const calendarEnds = `
local function days(y, m)
  if m <= 2 then y = y - 1 end
  local era = math.floor(y / 400)
  local yoe = y - era * 400
  local doy = math.floor((153 * ((m + 9) % 12) + 2) / 5)
  return era * 146097 + yoe * 365 + math.floor(yoe / 4) - math.floor(yoe / 100) + doy - 719468
end
local ends = {}
ends['day'] = function(at) return (math.floor(at / 86400000) + 1) * 86400000 end
ends['week'] = function(at) return (math.floor((at + 259200000) / 604800000) + 1) * 604800000 - 259200000 end
ends['month'] = function(at)
  local z = math.floor(at / 86400000) + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local m = mp < 10 and mp + 3 or mp - 9
  local y = yoe + era * 400 + (m <= 2 and 1 or 0)
  if m == 12 then return days(y + 1, 1) * 86400000 end
  return days(y, m + 1) * 86400000
end
`

/** The window that has begun goes on, even where the clock is set back. */
const calendar = `${calendarEnds}
for unit, end_of in pairs(ends) do
  kinds[unit] = {
    look = function(it)
      local kept = redis.call('HMGET', it.key, 'used', 'end')
      it.used, it.ends = tonumber(kept[1] or '0'), tonumber(kept[2] or '0')
      if now >= it.ends then it.used, it.ends = 0, end_of(now) end
      it.ok = it.used + it.cost <= it.quota
      it.left, it.wait = it.quota - it.used, it.ends - now
    end,
    count = function(it)
      redis.call('HSET', it.key, 'used', string.format('%d', it.used + it.cost), 'end', string.format('%d', it.ends))
      redis.call('PEXPIRE', it.key, it.ends - now + 1000)
    end,
    back = function(it) redis.call('HINCRBY', it.key, 'used', -it.cost) end,
  }
end
`

const fixedWindow = `
kinds['fixed-window'] = {
  look = function(it)
    it.used = tonumber(redis.call('GET', it.key) or '0')
    it.wait = redis.call('PTTL', it.key)
    if it.wait < 0 then it.wait = it.window end
    it.ok = it.used + it.cost <= it.quota
    it.left = it.quota - it.used
  end,
  count = function(it)
    if redis.call('EXISTS', it.key) == 1 then redis.call('INCRBY', it.key, it.cost)
    else redis.call('SET', it.key, it.cost, 'PX', it.wait) end
  end,
  back = function(it) redis.call('DECRBY', it.key, it.cost) end,
}
`

/** A hundredth of a window is counted together, and counts until a window after its end: never more than the quota in any span. */
const slidingWindow = `
kinds['sliding-window'] = {
  look = function(it)
    local span = it.window / 100
    local all, gone, slots, used = redis.call('HGETALL', it.key), {}, {}, 0
    it.slot = math.floor(now / span)
    for i = 1, #all, 2 do
      local at, count = tonumber(all[i]), tonumber(all[i + 1])
      if (at + 1) * span + it.window <= now then gone[#gone + 1] = all[i]
      else
        slots[#slots + 1] = { at, count }
        used = used + count
        if at > it.slot then it.slot = at end
      end
    end
    if #gone > 0 then redis.call('HDEL', it.key, unpack(gone)) end
    it.ok = used + it.cost <= it.quota
    it.left = it.quota - used
    local wanted = it.ok and 1 or used + it.cost - it.quota
    table.sort(slots, function(a, b) return a[1] < b[1] end)
    local back = 0
    it.wait = span + it.window
    for _, one in ipairs(slots) do
      back = back + one[2]
      it.wait = (one[1] + 1) * span + it.window - now
      if back >= wanted then break end
    end
  end,
  count = function(it)
    redis.call('HINCRBY', it.key, string.format('%d', it.slot), it.cost)
    redis.call('PEXPIRE', it.key, math.ceil(it.window * 1.01 + math.max(0, (it.slot + 1) * it.window / 100 - now)))
  end,
  back = function(it)
    local newest
    for _, at in ipairs(redis.call('HKEYS', it.key)) do
      if newest == nil or tonumber(at) > tonumber(newest) then newest = at end
    end
    if newest then redis.call('HINCRBY', it.key, newest, -it.cost) end
  end,
}
`

const tokenBucket = `
kinds['token-bucket'] = {
  look = function(it)
    local kept = redis.call('HMGET', it.key, 'tokens', 'at')
    it.perMs = it.quota / it.window
    it.tokens, it.at = it.burst, now
    if kept[1] then
      it.at = math.max(now, tonumber(kept[2]))
      it.tokens = math.min(it.burst, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * it.perMs)
    end
    it.ok = it.tokens + 0.000001 >= it.cost
    it.left = math.floor(it.tokens + 0.000001)
    it.wait = ((it.ok and it.burst or it.cost) - it.tokens) / it.perMs
  end,
  count = function(it)
    it.tokens = math.max(0, it.tokens - it.cost)
    it.wait = (it.burst - it.tokens) / it.perMs
    redis.call('HSET', it.key, 'tokens', string.format('%.9f', it.tokens), 'at', string.format('%d', it.at))
    redis.call('PEXPIRE', it.key, math.ceil(it.burst / it.perMs + it.at - now) + 1)
  end,
  back = function(it) redis.call('HINCRBYFLOAT', it.key, 'tokens', it.cost) end,
}
`

/**
 * KEYS: one of each limit; ARGV: `take`, `look` or `back`, then for each its algorithm, quota, window in ms, cost and burst.
 * It gives for each: admitted, units left, ms.
 */
export const countScript = storeScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kinds = {}
${fixedWindow}${slidingWindow}${tokenBucket}${calendar}
local limits, admitted = {}, ARGV[1] == 'take'
for i, key in ipairs(KEYS) do
  local at = i * 5 - 3
  local it = {
    key = key, kind = kinds[ARGV[at]], quota = tonumber(ARGV[at + 1]), window = tonumber(ARGV[at + 2]),
    cost = tonumber(ARGV[at + 3]), burst = tonumber(ARGV[at + 4]),
  }
  limits[i] = it
  if ARGV[1] == 'back' then
    if redis.call('EXISTS', key) == 1 then it.kind.back(it) end
  else
    it.kind.look(it)
    admitted = admitted and it.ok
  end
end
if ARGV[1] == 'back' then return 1 end
local reply = {}
for i, it in ipairs(limits) do
  if admitted then
    it.kind.count(it)
    it.left = it.kind == kinds['token-bucket'] and math.floor(it.tokens + 0.000001) or it.left - it.cost
  end
  reply[#reply + 1] = it.ok and 1 or 0
  reply[#reply + 1] = math.max(0, it.left)
  reply[#reply + 1] = math.max(1, math.ceil(it.wait))
end
return reply`)
