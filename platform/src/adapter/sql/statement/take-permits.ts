import { statement } from '../statement.ts';

/** Makes the buckets of a take that are not there yet, full. In order of their keys, as they are locked. */
export const addBuckets = statement<never, readonly [tenantIds: readonly string[], keys: readonly string[]]>(
  'add-buckets',
  `
  insert into rate_buckets (tenant_id, key, spent, at, full_at)
  select wanted.tenant_id, wanted.key, 0, now(), now()
  from unnest($1::text[], $2::text[]) as wanted (tenant_id, key)
  order by wanted.tenant_id, wanted.key
  on conflict do nothing`,
);

/** Values of `takePermits`, one of each list a bucket. */
export type TakeValues = readonly [
  tenantIds: readonly string[],
  keys: readonly string[],
  capacities: readonly number[],
  perSecond: readonly number[],
  least: readonly number[],
  most: readonly number[],
  spare: readonly number[],
  forced: readonly boolean[],
];

/**
 * Takes permits of buckets that are there. All are locked in order of their keys, so that takes of the same buckets wait for each
 * other and never for ever; what another take has changed meanwhile is read as it is now. A take that gets nothing writes nothing.
 */
export const takePermits = statement<{ place: number; taken: number; left: number }, TakeValues>(
  'take-permits',
  `
  with wanted as (
    select * from unnest($1::text[], $2::text[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::boolean[])
      with ordinality as wanted (tenant_id, key, capacity, per_second, least, most, spare, forced, place)
  ), locked as (
    select bucket.tenant_id, bucket.key, bucket.spent, bucket.at
    from rate_buckets bucket join wanted on wanted.tenant_id = bucket.tenant_id and wanted.key = bucket.key
    order by bucket.tenant_id, bucket.key for no key update of bucket
  ), filled as (
    select wanted.*, greatest(locked.at, now()) as now,
      greatest(0, locked.spent - greatest(0, extract(epoch from now() - locked.at)::float8) * wanted.per_second) as spent
    from wanted join locked on locked.tenant_id = wanted.tenant_id and locked.key = wanted.key
  ), judged as (
    select filled.*, case
        when forced then most
        when capacity - spent >= least then least + floor(greatest(0, least(most, capacity - spent) - least))
      end as needed
    from filled
  ), given as (
    select judged.*, case
        when needed is null then 0
        when forced then needed
        else needed + floor(greatest(0, least(spare, (capacity - spent - needed) / 10)))
      end as taken
    from judged
  ), changed as (
    update rate_buckets bucket set spent = greatest(0, given.spent + given.taken), at = given.now,
      full_at = given.now + greatest(0, given.spent + given.taken) / given.per_second * interval '1 second'
    from given where bucket.tenant_id = given.tenant_id and bucket.key = given.key and given.taken <> 0
  )
  select place::integer, taken, capacity - greatest(0, spent + taken) as left from given`,
);

/** Forgets buckets that have been full for a while. */
export const forgetIdleBuckets = statement<{ key: string }, readonly []>(
  'forget-idle-buckets',
  `
  delete from rate_buckets where (tenant_id, key) in (
    select tenant_id, key from rate_buckets where full_at < now() - interval '1 minute' limit 10000
    for update skip locked
  ) returning key`,
);

/** Lets the present transaction be done before it is on the disk: for what may be lost when the server's machine fails. */
export const commitLater = statement<never, readonly []>(
  'commit-later',
  `select from set_config('synchronous_commit', 'off', true)`,
);
