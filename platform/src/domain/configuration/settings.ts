import { authSettings } from './auth-settings.ts';
import { auditSettings } from './audit-settings.ts';
import { browserSettings } from './browser-settings.ts';
import { budgetSettings, priceSettings } from './budget-settings.ts';
import { limitSettings } from './limit-settings.ts';
import { cacheSettings, economySettings } from './economy-settings.ts';
import { mcpSettings } from './mcp-settings.ts';
import { modelSettings, providerSettings } from './model-settings.ts';
import { openapiSettings } from './openapi-settings.ts';
import { redactionSettings } from './redaction-settings.ts';
import { retentionSettings } from './retention-settings.ts';
import { logSettings, runSettings, workerSettings } from './run-settings.ts';
import { sandboxSettings } from './sandbox-settings.ts';
import { secretsSettings } from './secrets-settings.ts';
import { serverSettings } from './server-settings.ts';
import { socketSettings } from './socket-settings.ts';
import type { Setting } from './setting.ts';
import { busSettings, databaseSettings } from './store-settings.ts';
import { httpFetchSettings, toolSettings } from './tool-settings.ts';
import { terminalSettings } from './terminal-settings.ts';
import { webSettings } from './web-settings.ts';
import { webhookSettings } from './webhook-settings.ts';

/** Everything that can be configured: the one schema, joined from its groups. */
export const settingGroups = {
  server: serverSettings,
  socket: socketSettings,
  auth: authSettings,
  database: databaseSettings,
  bus: busSettings,
  worker: workerSettings,
  run: runSettings,
  provider: providerSettings,
  model: modelSettings,
  prices: priceSettings,
  budget: budgetSettings,
  economy: economySettings,
  cache: cacheSettings,
  retention: retentionSettings,
  tool: toolSettings,
  httpFetch: httpFetchSettings,
  browser: browserSettings,
  web: webSettings,
  mcp: mcpSettings,
  openapi: openapiSettings,
  sandbox: sandboxSettings,
  terminal: terminalSettings,
  limits: limitSettings,
  audit: auditSettings,
  secrets: secretsSettings,
  redaction: redactionSettings,
  webhook: webhookSettings,
  log: logSettings,
};

type Groups = typeof settingGroups;
type Values<G> = { readonly [K in keyof G]: G[K] extends Setting<infer T> ? T : never };

/** The configuration with every value checked and every default filled in. */
export type Configuration = { readonly [G in keyof Groups]: Values<Groups[G]> };

/** A setting with its place. `name` is what batuta.yaml and messages call it: `server.max_body_bytes`. */
export interface NamedSetting {
  name: string;
  group: string;
  key: string;
  setting: Setting<unknown>;
}

/** All settings in the order of the groups. */
export const allSettings: readonly NamedSetting[] = Object.entries(settingGroups).flatMap(
  ([group, settings]) =>
    Object.entries(settings).map(([key, setting]: [string, Setting<unknown>]) => ({
      name: `${snakeCase(group)}.${snakeCase(key)}`,
      group,
      key,
      setting,
    })),
);

/** `maxBodyBytes` is `max_body_bytes` outside. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
