/**
 * The script that takes permits of several buckets at once. KEYS: one a bucket. ARGV: capacity, permits a second, least, most, spare,
 * forced (1 or 0) of each. It gives `taken` and `left` of each as texts, because Redis cuts the fractions of numbers. A bucket expires
 * when it would be full.
 */
export const takePermits = `
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local answers = {}
for i, key in ipairs(KEYS) do
  local at = (i - 1) * 6
  local capacity, rate = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local least, most, spare = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
  local kept = redis.call('HMGET', key, 'spent', 'at')
  local before = tonumber(kept[2]) or now
  local spent = math.max(0, (tonumber(kept[1]) or 0) - math.max(0, now - before) * rate)
  local there = capacity - spent
  local taken = 0
  if ARGV[at + 6] == '1' then
    taken = most
  elseif there >= least then
    taken = least + math.floor(math.max(0, math.min(most, there) - least))
    taken = taken + math.floor(math.max(0, math.min(spare, (there - taken) / 10)))
  end
  if taken ~= 0 then
    spent = math.max(0, spent + taken)
    redis.call('HSET', key, 'spent', string.format('%.17g', spent), 'at', string.format('%.17g', math.max(now, before)))
    redis.call('PEXPIRE', key, math.ceil(spent / rate * 1000) + 1000)
  end
  answers[i * 2 - 1] = string.format('%.17g', taken)
  answers[i * 2] = string.format('%.17g', capacity - spent)
end
return answers
`;
