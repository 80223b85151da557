import { issuersToAsk } from './auth-parts.ts';
import { systemClock } from '../adapter/clock-system/system-clock.ts';
import { createHttpApp } from '../interface/http/create-http-app.ts';
import { startHttpServer } from '../interface/http/start-http-server.ts';
import type { Log } from '../port/log.ts';
import type { ComposedPlatform } from './compose-platform.ts';
import type { OpenProject } from './open-project.ts';

/** Streams that one process serves at the same time. */
const maxStreams = 10_000;

/** An HTTP server that listens. */
export interface OpenDoor {
  url: string;
  stop(graceMs: number): Promise<void>;
}

/** Opens the HTTP door. Errors: `port-in-use`. */
export async function openDoor(context: {
  platform: ComposedPlatform;
  project: OpenProject;
  log: Log;
}): Promise<OpenDoor> {
  const { platform, project, log } = context;
  const { server } = project.configuration;
  const app = createHttpApp({
    application: platform.application,
    settings: {
      host: server.host,
      allowedHosts: server.allowedHosts,
      allowedOrigins: server.allowedOrigins,
      trustedProxies: server.trustedProxies,
      issuers: issuersToAsk(project.configuration),
      maxBodyBytes: server.maxBodyBytes,
      maxStreams,
      sockets: project.configuration.socket,
    },
    log,
    clock: systemClock,
  });
  const { host, port } = server;
  const timeouts = {
    headersMs: server.headersTimeoutSeconds * 1000,
    requestMs: server.requestTimeoutSeconds * 1000,
    keepAliveMs: server.keepAliveSeconds * 1000,
  };
  return startHttpServer({ app, host, port, log, clock: systemClock, timeouts });
}
