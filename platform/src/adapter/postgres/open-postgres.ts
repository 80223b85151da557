import { Client, Pool, type PoolConfig } from 'pg';
import { enterApplicationRole, settingsOf } from '../sql/connection-setup.ts';
import type { Engine } from '../sql/database.ts';
import { isConnectFailure, isConnectionError, unreachable } from '../sql/database-error.ts';
import { executeScript } from '../sql/execute-script.ts';
import { preparedConnections } from '../sql/prepared-connections.ts';

/** How to reach a PostgreSQL server, and the limits of doing so. */
export interface PostgresOptions {
  url: string;
  poolSize: number;
  connectTimeoutMs: number;
  statementTimeoutMs: number;
}

/** Connections for heartbeats: a lease must not run out because many runs are being accepted. */
const urgentConnections = 1;

/** Oldest server that the migrations and statements are made for. */
const oldestVersion = 15;

/** Connections that work as the owner of the database. */
const ownerConnections = 2;

/** Connects to a PostgreSQL server. Errors: `database-unreachable`. */
export async function openPostgres(options: PostgresOptions): Promise<Engine> {
  const address = addressOf(options.url);
  const administer = administrator(options);
  const version = await serverVersion(administer, address);
  const application = applicationPool(options, options.poolSize);
  const urgent = applicationPool(options, urgentConnections);
  const owner = ownerPool(options);
  return {
    kind: 'postgres',
    description: `PostgreSQL ${version} at ${address}`,
    address,
    connect: application.connect,
    connectUrgently: urgent.connect,
    administer,
    executeAsOwner: owner.execute,
    copyAside: async () => null,
    freeBytes: async () => null,
    vacuum: async () => undefined,
    close: async () => {
      await Promise.all([application.end(), urgent.end(), owner.end()]);
    },
  };
}

/** Connections in the role of the application. */
function applicationPool(options: PostgresOptions, max: number) {
  const pool = new Pool({
    ...connectionConfig(options),
    max,
    // Connections that nobody uses do not keep a process alive that has nothing else to do.
    allowExitOnIdle: true,
    // The server gives up first and says why; this is for a server that no longer answers.
    query_timeout: options.statementTimeoutMs + 5000,
  });
  const connect = preparedConnections(pool, async (client) => {
    await client.query(settingsOf(options.statementTimeoutMs));
    await enterApplicationRole(client);
  });
  return { connect, end: () => pool.end() };
}

/** Connections in no role, opened when they are first needed and closed when they are not. */
function ownerPool(options: PostgresOptions) {
  const pool = new Pool({
    ...connectionConfig(options),
    max: ownerConnections,
    allowExitOnIdle: true,
    query_timeout: options.statementTimeoutMs + 5000,
  });
  const connect = preparedConnections(pool, async (client) => {
    await client.query(`set statement_timeout = ${Math.round(options.statementTimeoutMs)}`);
  });
  const execute = async (text: string, values?: unknown[]) => {
    const client = await connect();
    try {
      const answer = await executeScript(client, text, values);
      client.release();
      return answer;
    } catch (error) {
      client.release(isConnectionError(error));
      throw error;
    }
  };
  return { execute, end: () => pool.end() };
}

function connectionConfig(options: PostgresOptions): PoolConfig {
  return {
    connectionString: options.url,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    application_name: 'batuta',
  };
}

function administrator(options: PostgresOptions): Engine['administer'] {
  return async (work) => {
    const client = new Client(connectionConfig(options));
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
}

async function serverVersion(administer: Engine['administer'], address: string): Promise<string> {
  try {
    return await administer(async (client) => {
      const answer = await client.query<{ server_version: string }>('show server_version');
      const version = answer.rows[0]?.server_version.split(' ')[0] ?? '';
      if (Number.parseInt(version, 10) < oldestVersion) {
        throw unreachable(address, `PostgreSQL ${oldestVersion} or later is needed, it is ${version}`);
      }
      return version;
    });
  } catch (error) {
    throw isConnectFailure(error) ? unreachable(address, error) : error;
  }
}

/** Host and port of an address, without user and password. */
function addressOf(url: string): string {
  try {
    const parsed = new URL(url);
    const host = parsed.searchParams.get('host') ?? (parsed.hostname || 'localhost');
    return `${host}:${parsed.port || '5432'}`;
  } catch {
    return 'DATABASE_URL';
  }
}
