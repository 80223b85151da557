/** The ports that a test kit or an extension implements. */
export type { ArgumentResolver } from '../port/argument-resolver.ts';
export type { AgentCatalogue } from '../port/agent-catalogue.ts';
export type { Bus } from '../port/bus.ts';
export type { Clock } from '../port/clock.ts';
export type { Job, JobHandler, JobOptions, JobQueue } from '../port/job-queue.ts';
export type { Embedder } from '../port/embedder.ts';
export type { Log, LogFields } from '../port/log.ts';
export type {
  LanguageModel,
  ModelAnswer,
  ModelMessage,
  ModelRegistry,
  ModelRequest,
  PriceList,
  TextSink,
} from '../port/model.ts';
export { probePoints, type Probe, type ProbeDetail, type ProbePoint } from '../port/probe.ts';
export type { BucketAnswer, BucketTake, RateLimiter } from '../port/rate-limiter.ts';
export type { RunStore } from '../port/run-store.ts';
export type { ProducedFile, Tool, ToolContext, ToolOutput } from '../port/tool.ts';
export type { ToolSource } from '../port/tool-source.ts';
