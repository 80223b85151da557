import { integer, secret, textOr } from './setting.ts';

/** Where data is kept. */
export const databaseSettings = {
  url: secret({
    variable: 'DATABASE_URL',
    about: 'PostgreSQL to use; without it an embedded database in the data directory is used.',
    range: 'an address such as postgres://user:password@host:5432/database',
    pattern: /^postgres(?:ql)?:\/\/\S+$/,
  }),
  dataDir: textOr({
    variable: 'BATUTA_DATA_DIR',
    about:
      "Folder for the embedded database and the administrator's key; a relative one starts at the project folder.",
    range: 'a path',
    default: '.batuta',
  }),
  poolSize: integer({
    variable: 'BATUTA_DATABASE_POOL_SIZE',
    about: 'Connections to PostgreSQL that this process opens at most.',
    default: 10,
    min: 1,
    max: 500,
  }),
};

/** How processes wake each other. */
export const busSettings = {
  redisUrl: secret({
    variable: 'REDIS_URL',
    about: 'Redis to use between processes; without it PostgreSQL carries the messages.',
    range: 'an address such as redis://host:6379',
    pattern: /^rediss?:\/\/\S+$/,
  }),
};
