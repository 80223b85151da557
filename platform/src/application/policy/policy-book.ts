import { canonicalJson, type PolicySet } from '@batuta/contract';
import { compilePolicy, type CompiledPolicy, type PolicyInput } from '../../domain/policy/compile-policy.ts';
import {
  policySets,
  rulesForAll,
  rulesInForce,
  type ProjectPolicies,
  type ProjectPolicySet,
} from '../../domain/policy/project-policies.ts';
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
  inForce(tenantId: string, agent: DefinitionRecord): Promise<CompiledPolicy> {
    const { project } = this.#sources;
    return this.#readied({ tenantId, key: `${tenantId} ${agent.hash}` }, (tenant) =>
      rulesInForce({ project, tenant }, agent),
    );
  }

  /** The rules that hold in a tenant whatever the agent. */
  forAll(tenantId: string): Promise<CompiledPolicy> {
    const { project } = this.#sources;
    return this.#readied({ tenantId, key: `${tenantId} *` }, (tenant) => rulesForAll({ project, tenant }));
  }

  async #readied(
    { tenantId, key }: { tenantId: string; key: string },
    rulesUnder: (settings: PolicySet | undefined) => PolicyInput,
  ): Promise<CompiledPolicy> {
    const { policy: settings } = await this.#sources.tenantSettings.read(tenantId);
    const known = this.#ready.get(key);
    if (known && isSame(known.settings, settings)) {
      known.settings = settings;
      return known.policy;
    }
    const policy = compilePolicy(rulesUnder(settings));
    if (this.#ready.size >= kept) this.#ready.clear();
    this.#ready.set(key, { settings, policy });
    return policy;
  }

  /** All sets of rules in a tenant that may concern these agents. */
  async sets(tenantId: string, agents: readonly DefinitionRecord[]): Promise<ProjectPolicySet[]> {
    const { policy: tenant } = await this.#sources.tenantSettings.read(tenantId);
    return policySets({ project: this.#sources.project, tenant }, agents);
  }
}

/** Settings are read again every few seconds and are then another object that mostly says the same. */
function isSame(known: PolicySet | undefined, read: PolicySet | undefined): boolean {
  return known === read || canonicalJson(known ?? {}) === canonicalJson(read ?? {});
}
