import { asList, asObject } from '../document/json-shape.ts';
import type { Operation, ParameterPlan } from '../document/operation.ts';
import { keyPlace, type ReadyCredential } from './credentials.ts';

/** An operation whose arguments hold no key that the platform sends itself: many documents declare one as a parameter, too. */
export function withoutCredentials(operation: Operation, credentials: readonly ReadyCredential[]): Operation {
  const places = credentials.flatMap((each) => keyPlace(each) ?? []);
  const isOwn = (plan: ParameterPlan) =>
    places.some(({ in: place, name }) => plan.in === place && plan.name.toLowerCase() === name.toLowerCase());
  const own = new Set(operation.parameters.filter(isOwn).map(({ argument }) => argument));
  if (own.size === 0) return operation;
  const { properties, required, ...schema } = operation.inputSchema;
  const left = Object.entries(asObject(properties) ?? {}).filter(([name]) => !own.has(name));
  const needed = asList(required).filter((name) => typeof name === 'string' && !own.has(name)) as string[];
  return {
    ...operation,
    parameters: operation.parameters.filter((plan) => !isOwn(plan)),
    inputSchema: {
      ...schema,
      properties: Object.fromEntries(left),
      ...(needed.length > 0 ? { required: needed } : {}),
    },
  };
}
