import { storeScript } from '../../store/store-script.ts'

/*
 * Every answer stands in the store with the versions that its marks had when it was asked for. A mark's version is
 * `<hard>.<soft>.<milliseconds>`; taking back gives it a new one, so that no list of answers has to be kept and nothing that
 * was under way can come back. A version that is lost (expired, evicted) makes answers unusable, never usable.
 */

/**
 * KEYS: group names of the target; versions of the request's marks; answers. ARGV: how many versions.
 * Gives the group names, the versions, and for each answer nothing or: since when it is stale ('' where it is not), what it
 * is, its body.
 */
export const readScript = storeScript(`
local n = tonumber(ARGV[1])
local out = { redis.call('SMEMBERS', KEYS[1]), redis.call('MGET', unpack(KEYS, 2, n + 1)) }
for i = n + 2, #KEYS do
  local e = redis.call('HMGET', KEYS[i], 'k', 's', 'm', 'b')
  local since = false
  if e[1] and e[2] and e[3] and e[4] then
    since = ''
    local stamps = {}
    for stamp in string.gmatch(e[2], '[^\\n]+') do stamps[#stamps + 1] = stamp end
    local at = 0
    for key in string.gmatch(e[1], '[^\\n]+') do
      at = at + 1
      local version = redis.call('GET', key)
      if not version then since = false break end
      if version ~= stamps[at] then
        if string.match(version, '^[^.]*') ~= string.match(stamps[at] or '', '^[^.]*') then since = false break end
        local moved = string.match(version, '[^.]*$')
        if moved > since then since = moved end
      end
    end
  end
  out[#out + 1] = since and { since, e[3], e[4] } or false
end
return out
`)

/**
 * KEYS: the answer, the group names, versions. ARGV: milliseconds the answer lives, its group name, what it is, its body, a
 * new version, milliseconds versions live, and the versions as they were ('' where there was none).
 * Gives 1, or 0 where a mark has moved; `<hard>..0` is one that another answer has made, not one that has moved.
 */
export const saveScript = storeScript(`
local versions = {}
for i = 3, #KEYS do
  local version = redis.call('GET', KEYS[i]) or ''
  local stamp = ARGV[i + 4]
  if version ~= stamp and not (stamp == '' and string.match(version, '%.%.0$')) then return 0 end
  versions[i] = version
end
local stamps = {}
for i = 3, #KEYS do
  if versions[i] == '' then
    versions[i] = ARGV[5]
    redis.call('SET', KEYS[i], ARGV[5], 'PX', ARGV[6])
  else
    redis.call('PEXPIRE', KEYS[i], ARGV[6])
  end
  stamps[#stamps + 1] = versions[i]
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'k', table.concat(KEYS, '\\n', 3), 's', table.concat(stamps, '\\n'), 'm', ARGV[3], 'b', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('SADD', KEYS[2], ARGV[2])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[2], ARGV[1]) end
return 1
`)

/**
 * KEYS: versions. ARGV: a new version, milliseconds versions live, the channel, the message, `soft` or `hard`.
 * Deleting first is what a full store allows, and what it takes for it to allow the rest.
 */
export const takeBackScript = storeScript(`
local time = redis.call('TIME')
local now = string.format('%d%03d', time[1], math.floor(time[2] / 1000))
for i = 1, #KEYS do
  local hard = ARGV[1]
  if ARGV[5] == 'soft' then hard = string.match(redis.call('GET', KEYS[i]) or ARGV[1], '^[^.]*') end
  redis.call('DEL', KEYS[i])
  redis.pcall('SET', KEYS[i], hard .. '.' .. ARGV[1] .. '.' .. now, 'PX', ARGV[2])
end
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
`)
