-- The rules of the pace. Every decision is one run of this script, on Redis' own clock, in milliseconds.
--   state     hash: server (the Redis that counted), opens, paused_at, paused_until, paused_reason, doubted_until, margin,
--             travel, widened_at
--   bounds    the log, id -> the latest moment at which that request may still reach HMRC; and its server, at -inf
--   reserved  id -> when it is due, for as long as it may still be taken
--   calls     id -> when it was due, of the last minute
--   refused   when HMRC answered 429 or 503, of the last hour
--   answers   id -> how long after it left that request was answered, of the last minute
-- Every answer begins with the time.
local state, bounds, reserved, calls, refused, answers = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local verb, id = ARGV[1], ARGV[2]

-- HMRC's second, and what two clocks may make of it.
local WINDOW = 1001
-- Slots lie this much closer than HMRC's rate, so that what came late is caught up. The log, not this, keeps the rate.
local SPACING = 0.95
-- How long after it is due a slot may still be taken: time to choose the call and to prepare it.
local SLACK = 200
-- How long after it was taken a request may leave us; what opening a connection first adds to that; and how many times
-- this may be asked for, by whom it was too little.
local LATENESS = 40
local CONNECTING = 150
local MOST_ROOM = 3
-- By how much more than the fastest a request may be on its way to where HMRC counts: until so many answers of the last
-- minute have told; at least; at most; and how soon an answer comes that tells of the way, and not of HMRC's own work.
local WIDE, ENOUGH = 150, 20
local LEAST_TRAVEL, MOST_TRAVEL = 35, 500
local QUICK = 100
-- The extremes of few answers lie within those of many.
local SAMPLED = 1.5
-- Nothing in the log is further off than this in ordinary running; if it is, the clock was set back.
local FURTHEST = 5000
local MOST_LEAD = 500
local MINUTE, HOUR, DAY = 60000, 3600000, 86400000
local LONGEST_PAUSE = HOUR

local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000

local function written(number)
  return string.format('%.3f', number)
end

local function noted(field)
  return tonumber(redis.call('HGET', state, field) or '0')
end

local function highest(log, place)
  return tonumber(redis.call('ZREVRANGE', log, place, place, 'WITHSCORES')[2] or '-inf')
end

-- A pause that began in what is to come was made by a clock that was set back since.
local function paused_until()
  return noted('paused_at') > now + FURTHEST and 0 or noted('paused_until')
end

-- What a 429 has taught, and half of it after each day without another.
local function taught()
  local days = math.max(0, math.floor((now - noted('widened_at')) / DAY))
  return math.max(LEAST_TRAVEL, noted('travel') / 2 ^ days)
end

-- What is believed of the way: wide at first, then by how far quick answers lie apart, and never less than what a 429
-- has taught. An answer is later than the arrival, so that arrivals lie no further apart than that.
local function travel()
  if redis.call('ZCARD', answers) < ENOUGH then
    return math.max(WIDE, taught())
  end
  local fastest = tonumber(redis.call('ZRANGE', answers, 0, 0, 'WITHSCORES')[2])
  local slowest = redis.call('ZREVRANGEBYSCORE', answers, QUICK, '-inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
  return math.max(taught(), SAMPLED * (tonumber(slowest or fastest) - fastest))
end

local function begin_window(server)
  redis.call('DEL', bounds, reserved, calls, answers)
  redis.call('ZADD', bounds, '-inf', server)
  local closed = WINDOW + LATENESS + MOST_ROOM * CONNECTING + travel()
  redis.call('HSET', state, 'server', server, 'opens', written(now + closed))
  redis.call('HSET', state, 'widened_at', written(math.min(noted('widened_at'), now)))
end

-- Whoever does not know what was sent lately lets a whole window pass: an empty or half-lost state (flushed, evicted,
-- never used), another server's state (restart, failover), a clock that was set back.
local function trust_the_log()
  local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
  local known = redis.call('HGET', state, 'server') == server and redis.call('ZSCORE', bounds, server)
  if not known or highest(calls, 0) > now + FURTHEST or noted('opens') > now + FURTHEST then
    begin_window(server)
  end
end

local function strike(member)
  redis.call('ZREM', bounds, member)
  redis.call('ZREM', calls, member)
end

-- What was reserved and can no longer be taken never reaches HMRC: its holder died, or was too late.
local function forget()
  local over = redis.call('ZRANGEBYSCORE', reserved, '-inf', '(' .. written(now - SLACK))
  for _, member in ipairs(over) do
    redis.call('ZREM', reserved, member)
    strike(member)
  end
  redis.call('ZREMRANGEBYSCORE', bounds, '(-inf', written(now - WINDOW))
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', calls, '-inf', written(now - MINUTE))) do
    redis.call('ZREM', calls, member)
    redis.call('ZREM', answers, member)
  end
end

-- In any window that ends at its arrival there are fewer than `rate` others: so many bounds at most lie less than a
-- window before it. It holds although bounds move. When a slot is taken its bound rises above when it was due, but that
-- is before anybody can reserve what it decides: SLACK and MOST_LEAD are less than a window. From there it only falls.
local function next_due(rate)
  local crowd = highest(bounds, rate - 1) + WINDOW
  local spaced = highest(calls, 0) + SPACING * 1000 / rate
  return math.max(now, noted('opens'), paused_until(), crowd, spaced)
end

local verbs = {}

-- Reserved, and milliseconds until it is due; or not, and milliseconds until it is worth asking again.
function verbs.reserve(rate, lead)
  trust_the_log()
  forget()
  local mine = redis.call('ZSCORE', reserved, id)
  if mine then
    return 1, tonumber(mine) - now
  end
  local due = next_due(rate)
  local early = due - math.min(lead, MOST_LEAD) - now
  if early > 0 then
    return 0, early
  end
  redis.call('ZADD', reserved, written(due), id)
  redis.call('ZADD', bounds, written(due), id)
  redis.call('ZADD', calls, written(due), id)
  return 1, due - now
end

local function release()
  if redis.call('ZREM', reserved, id) == 1 then
    strike(id)
  end
end

-- 'granted', for how long a request may leave, and how late that was; 'early', and by how much; or 'lost'.
function verbs.take(connecting)
  trust_the_log()
  forget()
  local due = tonumber(redis.call('ZSCORE', reserved, id) or 'inf')
  if due == math.huge or paused_until() > now then
    release()
    return 'lost', 0, 0
  end
  if now < due then
    return 'early', due - now, 0
  end
  local room = LATENESS + math.min(connecting, MOST_ROOM) * CONNECTING
  redis.call('ZREM', reserved, id)
  redis.call('ZADD', bounds, written(now + room + travel()), id)
  return 'granted', room, now - due
end

-- HMRC answered, so it arrived by now; and no later than its way can have taken since it left.
function verbs.answered(left_ago)
  local bound = redis.call('ZSCORE', bounds, id)
  local due = redis.call('ZSCORE', calls, id)
  if not bound or not due then
    return
  end
  redis.call('ZADD', answers, written(left_ago), id)
  if noted('doubted_until') > now then
    return
  end
  local fell = math.min(tonumber(bound), now, now - left_ago + travel())
  redis.call('ZADD', bounds, written(fell), id)
  local margin = tonumber(redis.call('HGET', state, 'margin') or LATENESS + WIDE)
  redis.call('HSET', state, 'margin', written(margin + (fell - due - margin) / 32))
end

verbs.release = release

-- Our belief was at fault. Twice as wide a margin each time, so that few times are enough, however wrong it was.
local function widen()
  local wider = math.min(MOST_TRAVEL, 2 * travel())
  local margin = written(LATENESS + wider)
  redis.call('HSET', state, 'travel', written(wider), 'widened_at', written(now), 'margin', margin)
end

-- Once: what was sent before a pause began, or before the margin was made wider, tells nothing new.
function verbs.pause(length, reason, doubts)
  local until_ = now + math.min(length, LONGEST_PAUSE)
  redis.call('ZREMRANGEBYSCORE', refused, '-inf', written(now - HOUR))
  redis.call('ZADD', refused, written(now), id)
  local sent = tonumber(redis.call('ZSCORE', calls, id) or 'inf')
  if doubts == 1 then
    redis.call('HSET', state, 'doubted_until', written(now + HOUR))
    if sent > noted('widened_at') then
      widen()
    end
  end
  if sent > noted('paused_at') and until_ > paused_until() then
    redis.call('HSET', state, 'paused_at', written(now), 'paused_until', written(until_), 'paused_reason', reason)
  end
end

-- A caller has seen this clock jump. Begins a window, unless one has begun since.
function verbs.distrust()
  if now >= noted('opens') then
    redis.call('HDEL', state, 'server')
    trust_the_log()
  end
end

function verbs.stats()
  local used = redis.call('ZCOUNT', calls, written(now - MINUTE), written(now))
  local refusals = redis.call('ZCOUNT', refused, written(now - HOUR), '+inf')
  local margin = redis.call('HGET', state, 'margin') or LATENESS + WIDE
  return used, refusals, margin, travel(), paused_until(), redis.call('HGET', state, 'paused_reason') or ''
end

local given = {}
for place = 3, #ARGV do
  given[#given + 1] = tonumber(ARGV[place]) or ARGV[place]
end
local answer = {written(now), verbs[verb](unpack(given))}
for place = 2, #answer do
  if type(answer[place]) == 'number' then
    answer[place] = written(answer[place])
  end
end
return answer
