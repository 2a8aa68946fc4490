-- The rules of the pace. Every decision is one run of this script, on Redis' own clock, in milliseconds.
--   state  hash: due (when the next slot opens), sequence, server (the Redis that counted), paused_until, paused_reason
--   line   who waits, scored lane first, arrival second        alive  until when each of them is believed to live
--   calls  the grants of the last minute
local state, line, alive, calls = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local verb = ARGV[1]

local WINDOW = 1050
local MINUTE = 60000
local LONGEST_PAUSE = 300000
-- A slot is never further off than this in ordinary running; if it is, the clock was set back.
local FURTHEST = 5000
local LANE = 2 ^ 40

local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000

local function written(number)
  return string.format('%.3f', number)
end

local function forget_the_dead()
  local dead = redis.call('ZRANGEBYSCORE', alive, '-inf', written(now))
  for _, member in ipairs(dead) do
    redis.call('ZREM', line, member)
    redis.call('ZREM', alive, member)
  end
end

local function paused_until()
  local until_ = tonumber(redis.call('HGET', state, 'paused_until') or '0')
  return math.min(until_, now + LONGEST_PAUSE)
end

-- When the next slot opens. Whoever does not know what was granted lately lets a whole window pass:
-- an empty state (flushed, never used), another server's state (restart, failover), a clock that was set back.
local function next_due(interval)
  local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
  local due = tonumber(redis.call('HGET', state, 'due') or '')
  local same = redis.call('HGET', state, 'server') == server
  if not due or not same or due - now > FURTHEST + interval then
    due = now + WINDOW
    redis.call('HSET', state, 'due', written(due), 'server', server)
  end
  return due
end

local function ask(member, lane, sequence, interval, room, catch_up, heartbeat)
  forget_the_dead()
  if sequence == 0 then
    sequence = redis.call('HINCRBY', state, 'sequence', 1)
  end
  redis.call('ZADD', line, 'NX', written(lane * LANE + sequence), member)
  redis.call('ZADD', alive, written(now + heartbeat), member)

  local due = next_due(interval)
  local opens = math.max(due, paused_until())
  local ahead = redis.call('ZRANK', line, member)
  if ahead > 0 or now < opens then
    return {0, written(math.max(opens - now, 0) + ahead * interval), sequence}
  end

  redis.call('ZREM', line, member)
  redis.call('ZREM', alive, member)
  redis.call('HSET', state, 'due', written(math.max(due, now - catch_up) + interval + room))
  redis.call('ZREMRANGEBYSCORE', calls, '-inf', written(now - MINUTE))
  redis.call('ZADD', calls, written(now), member)
  return {1, '0', sequence}
end

local function leave(member)
  redis.call('ZREM', line, member)
  redis.call('ZREM', alive, member)
  return 0
end

local function pause(length, reason)
  local until_ = now + length
  if until_ > paused_until() then
    redis.call('HSET', state, 'paused_until', written(until_), 'paused_reason', reason)
  end
  return 0
end

local function stats(lanes)
  forget_the_dead()
  local recent = redis.call('ZCOUNT', calls, written(now - MINUTE), '+inf')
  local reason = redis.call('HGET', state, 'paused_reason') or ''
  local answer = {written(now), written(paused_until()), reason, recent}
  for lane = 0, lanes - 1 do
    answer[#answer + 1] = redis.call('ZCOUNT', line, written(lane * LANE), '(' .. written((lane + 1) * LANE))
  end
  return answer
end

if verb == 'ask' then
  return ask(ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]))
elseif verb == 'leave' then
  return leave(ARGV[2])
elseif verb == 'pause' then
  return pause(tonumber(ARGV[2]), ARGV[3])
elseif verb == 'stats' then
  return stats(tonumber(ARGV[2]))
end
return redis.error_reply('unknown verb')
