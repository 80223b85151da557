import type { PolicySet, TaintMode } from '@batuta/contract';
import { canonicalJson } from '../../domain/definition/definition-hash.ts';
import { compilePolicy, type CompiledPolicy } from '../../domain/policy/compile-policy.ts';
import type { PlacedRule } from '../../domain/policy/compile-rule.ts';
import { isForAgent, strictestMode, type ProjectPolicies } from '../../domain/policy/project-policies.ts';
import type { DefinitionRecord } from '../../port/run-record.ts';
import type { TenantSettingsReader } from '../access/tenant-settings.ts';

/** What the rules in force are made from. */
export interface PolicySources {
  project: ProjectPolicies;
  tenantSettings: Pick<TenantSettingsReader, 'read'>;
}

/** Agents and tenants whose rules are kept ready. */
const kept = 1_000;

interface Ready {
  settings: PolicySet | undefined;
  policy: CompiledPolicy;
}

/**
 * The rules in force. They are put together and made ready once for an agent's definition under one policy of a tenant, and looked up
 * from then on: nothing is parsed in a turn.
 */
export class PolicyBook {
  readonly #sources: PolicySources;
  readonly #ready = new Map<string, Ready>();

  constructor(sources: PolicySources) {
    this.#sources = sources;
  }

  /** The rules for an agent in a tenant, as they are now (those of the tenant as of at most five seconds ago). */
  async inForce(tenantId: string, agent: DefinitionRecord): Promise<CompiledPolicy> {
    const { policy: settings } = await this.#sources.tenantSettings.read(tenantId);
    const key = `${tenantId} ${agent.hash}`;
    const known = this.#ready.get(key);
    if (known && isSame(known.settings, settings)) {
      known.settings = settings;
      return known.policy;
    }
    const policy = compilePolicy(this.#collect(agent, settings));
    if (this.#ready.size >= kept) this.#ready.clear();
    this.#ready.set(key, { settings, policy });
    return policy;
  }

  #collect(
    agent: DefinitionRecord,
    settings: PolicySet | undefined,
  ): { rules: PlacedRule[]; taint: TaintMode } {
    const { project } = this.#sources;
    const { name } = agent.definition;
    const tenant = settings && isForAgent(settings.agents, name) ? settings : undefined;
    const sets = project.sets.filter((set) => isForAgent(set.agents, name));
    return {
      rules: [
        ...tenantRules(tenant),
        ...sets.flatMap((set) => set.rules),
        ...(project.ofTeams.get(name) ?? []),
        ...agentRules(agent, project),
      ],
      taint: strictestMode([tenant?.taint, ...sets.map((set) => set.taint)]),
    };
  }
}

/** Settings are read again every few seconds and are then another object that mostly says the same. */
function isSame(known: PolicySet | undefined, read: PolicySet | undefined): boolean {
  return known === read || canonicalJson(known ?? {}) === canonicalJson(read ?? {});
}

function tenantRules(settings: PolicySet | undefined): PlacedRule[] {
  return (settings?.rules ?? []).map((rule) => ({ rule, source: 'tenant', file: null, line: null }));
}

/** A run may have begun with a definition that its file does not hold any more: then its lines are not known. */
function agentRules({ hash, definition }: DefinitionRecord, project: ProjectPolicies): PlacedRule[] {
  const place = project.placesOfAgents.get(hash);
  return definition.permissions.map((rule, index) => ({
    rule,
    source: 'agent',
    file: place?.file ?? null,
    line: place?.lines[index] ?? null,
  }));
}
