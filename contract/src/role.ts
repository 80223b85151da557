import { z } from 'zod';

/** What a person or key may be, the most powerful first. */
export const roles = ['administrator', 'operator', 'member', 'viewer'] as const;
/** Accepts a role. */
export const roleSchema = z.enum(roles);
/** What a person or key may be. */
export type Role = z.infer<typeof roleSchema>;

/** Whether who has `role` may do what needs the role `needed`. */
export function coversRole(role: Role, needed: Role): boolean {
  return roles.indexOf(role) <= roles.indexOf(needed);
}
