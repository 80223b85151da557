import { startTestPlatform, type TestPlatform, type TestPlatformOptions } from '@batuta/testkit/platform';
import { issueKey } from '../../src/application/access/issue-key.ts';
import { platformScopes } from '../../src/domain/identity/permissions.ts';
import { systemClock } from '../../src/adapter/clock-system/system-clock.ts';
import type { Endpoint } from '../../src/interface/http/endpoint.ts';
import { createHttpApp, type HttpApp } from '../../src/interface/http/create-http-app.ts';
import { startHttpServer, type HttpServer } from '../../src/interface/http/start-http-server.ts';
import { MemoryLog, testSettings } from './open-door.ts';

/** A whole platform with its door. */
export interface PlatformDoor {
  platform: TestPlatform;
  app: HttpApp;
  server: HttpServer;
  /** Key of an administrator, and of one of another tenant. */
  key: string;
  strangerKey: string;
  close(): Promise<void>;
}

/** Starts a platform on a fresh database and a server in front of it. */
export async function openPlatform(
  options: TestPlatformOptions,
  endpoints?: readonly Endpoint[],
): Promise<PlatformDoor> {
  const platform = await startTestPlatform(options);
  const log = new MemoryLog();
  const { application } = platform;
  const app = createHttpApp({
    application,
    settings: testSettings,
    log,
    clock: systemClock,
    ...(endpoints && { endpoints }),
  });
  const server = await startHttpServer({ app, host: '127.0.0.1', port: 0, log, clock: systemClock });
  const [key, strangerKey] = await Promise.all(
    [platform.identity, platform.stranger].map(async ({ tenantId }) => {
      const order = {
        tenantId,
        name: 'test',
        role: 'administrator',
        scopes: ['*', ...platformScopes],
        expiresAt: null,
      } as const;
      return (await issueKey(platform.accessDependencies, order)).key;
    }),
  );
  return {
    platform,
    app,
    server,
    key: key ?? '',
    strangerKey: strangerKey ?? '',
    async close() {
      await server.stop(0);
      await platform.stop(0);
      platform.stores.release();
    },
  };
}
