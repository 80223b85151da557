/** What the public test kit puts platforms together from. Not for servers: those start by `startPlatform`. */
export { MemoryBusHub, makeLonelyBus } from '../adapter/bus-memory/memory-bus.ts';
export { makeBackupSpool } from '../adapter/backup-file/backup-spool.ts';
export { systemClock } from '../adapter/clock-system/system-clock.ts';
export { PgBossQueue } from '../adapter/pg-boss/pg-boss-queue.ts';
export { makeUuidIds } from '../adapter/ids-uuid/uuid-ids.ts';
export type { Application } from '../application/application.ts';
export type { Identity } from '../application/access/identity.ts';
export type { Frame, FrameSink, StreamTarget } from '../application/stream/frame.ts';
export type { EngineSettings } from '../application/turn/engine-context.ts';
export { makeAgentCatalogue } from '../application/definition/agent-catalogue.ts';
export { createModelCaller, type ModelCaller } from '../application/model/call-model.ts';
export { defaultModelCallLimits } from '../application/model/model-call-limits.ts';
export { makeToolCatalogue } from '../application/tool/tool-catalogue.ts';
export { definitionHash } from '../domain/definition/definition-hash.ts';
export { askUserTool, waitUntilTool } from '../domain/tool/control-tools.ts';
export { makeExecutableTool } from '../domain/tool/executable-tool.ts';
export { upgradeEvent } from '../domain/run/upgrade-event.ts';
export { composePlatform, type ComposedPlatform, type PlatformParts } from './compose-platform.ts';
