import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { BatutaError } from '@batuta/contract';

/** Where Linux distributions and Homebrew put servers of several versions side by side. */
const versionedParents = ['/usr/lib/postgresql', '/usr/local/lib/postgresql'];
const fixedPlaces = ['/usr/local/pgsql/bin', '/opt/homebrew/opt/postgresql/bin', '/usr/pgsql/bin'];

/** The programs of a PostgreSQL installation that are needed to run a server. */
export interface PostgresPrograms {
  initdb: string;
  postgres: string;
}

/** Finds the programs of a PostgreSQL server: on the path first, then the newest of the usual places. */
export function findPostgresPrograms(): PostgresPrograms {
  const places = [...(process.env['PATH'] ?? '').split(path.delimiter), ...versionedPlaces(), ...fixedPlaces];
  const found = places.find((place) => place !== '' && hasPrograms(place));
  if (found === undefined) {
    const named = ['PATH', ...versionedParents, ...fixedPlaces].join(', ');
    throw new BatutaError('postgres-not-installed', { places: named });
  }
  return { initdb: path.join(found, 'initdb'), postgres: path.join(found, 'postgres') };
}

function versionedPlaces(): string[] {
  return versionedParents
    .filter((parent) => existsSync(parent))
    .flatMap((parent) => readdirSync(parent).map((version) => ({ parent, version: Number(version) })))
    .filter(({ version }) => Number.isFinite(version))
    .toSorted((a, b) => b.version - a.version)
    .map(({ parent, version }) => path.join(parent, String(version), 'bin'));
}

function hasPrograms(place: string): boolean {
  return existsSync(path.join(place, 'initdb')) && existsSync(path.join(place, 'postgres'));
}
