import { makeOpenapiSources } from '../adapter/openapi/openapi-source.ts';
import type { ApiSettings } from '../adapter/openapi/api-settings.ts';
import type { Configuration } from '../domain/configuration/settings.ts';
import type { ApiDeclaration } from '../domain/openapi/api-declaration.ts';
import { nameOfSourceTool } from '../domain/tool/tool-name.ts';
import type { Clock } from '../port/clock.ts';
import type { Log } from '../port/log.ts';
import type { RateLimiter } from '../port/rate-limiter.ts';
import type { ToolSource } from '../port/tool-source.ts';

/** The APIs that batuta.yaml declares, as sources of tools. */
export function openapiSources(parts: {
  configuration: Configuration;
  projectFolder: string;
  clock: Clock;
  log: Log;
  limiter: RateLimiter;
}): ToolSource[] {
  const { openapi } = parts.configuration;
  const apis = Object.entries(openapi.apis).map(([name, declared]) =>
    settingsOf(name, declared, openapi.timeoutSeconds),
  );
  return makeOpenapiSources(apis, { ...parts, limits: openapi, nameOf: nameOfSourceTool });
}

function settingsOf(name: string, declared: ApiDeclaration, timeoutSeconds: number): ApiSettings {
  const { open_world: openWorld, private_data: privateData, untrusted } = declared;
  return {
    name,
    document: declared.document,
    server: declared.server ?? null,
    variables: declared.variables ?? {},
    auth: declared.auth ?? {},
    headers: declared.headers ?? {},
    operations: Object.fromEntries(
      Object.entries(declared.operations ?? {}).map(([pattern, stated]) => [pattern, statedOf(stated)]),
    ),
    stated: {
      ...(openWorld === undefined ? {} : { openWorld }),
      ...(privateData === undefined ? {} : { privateData }),
      ...(untrusted === undefined ? {} : { untrusted }),
    },
    idempotencyHeader: declared.idempotency_header ?? null,
    callsPerMinute: declared.calls_per_minute ?? null,
    cache: declared.cache,
    timeoutMs: (declared.timeout_seconds ?? timeoutSeconds) * 1000,
    refreshMs: declared.refresh_minutes * 60_000,
  };
}

type Stated = ApiSettings['operations'][string];

/** What is not said stays unsaid, so that something else can say it. */
function statedOf(told: NonNullable<ApiDeclaration['operations']>[string]): Stated {
  const all = {
    readOnly: told.read_only,
    destructive: told.destructive,
    idempotent: told.idempotent,
    openWorld: told.open_world,
    privateData: told.private_data,
    hidden: told.hidden,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
