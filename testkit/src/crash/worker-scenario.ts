import type { AgentDefinition } from '@batuta/contract';
import type { Tool, ToolSource } from '@batuta/platform/ports';
import type { ModelScript } from '../model/scripted-model.ts';
import type { SignalProbe } from '../platform/signal-probe.ts';

/** What happens in a worker process: agents, tools with effects in the outside world, and the model's answers. */
export interface WorkerScenario {
  agents: readonly Partial<AgentDefinition>[];
  tools: readonly Tool[];
  /** Awaited until each is ready. */
  toolSources?: readonly ToolSource[];
  /** Contract: the answer follows from the conversation alone, so that another process goes on alike. */
  model: ModelScript;
}

/** What a scenario may use. */
export interface ScenarioSurroundings {
  /** Address of the outside world. */
  outside: string;
  signals: SignalProbe;
}

/** The module whose path is in a worker's setup. */
export interface ScenarioModule {
  makeScenario(surroundings: ScenarioSurroundings): WorkerScenario;
}
