import type {
  ApiKeyPage,
  ChangeTenantEntry,
  ChangeUser,
  CreateKey,
  CreateTenant,
  CreateUser,
  MadeKey,
  MadeTenant,
  Me,
  TenantEntry,
  TenantPage,
  User,
  UserPage,
} from '@batuta/contract';

/** What the commands about who may enter ask of a running platform. */
export interface AccessClient {
  whoAmI(): Promise<Me>;
  listKeys(filter: { limit: number }): Promise<ApiKeyPage>;
  createKey(key: CreateKey): Promise<MadeKey>;
  rotateKey(id: string, overlapHours: number): Promise<MadeKey>;
  revokeKey(id: string): Promise<void>;
  listUsers(filter: { limit: number }): Promise<UserPage>;
  createUser(user: CreateUser): Promise<User>;
  changeUser(id: string, change: ChangeUser): Promise<User>;
  deleteUser(id: string): Promise<void>;
  listTenants(filter: { limit: number }): Promise<TenantPage>;
  createTenant(tenant: CreateTenant): Promise<MadeTenant>;
  changeTenant(id: string, change: ChangeTenantEntry): Promise<TenantEntry>;
}
