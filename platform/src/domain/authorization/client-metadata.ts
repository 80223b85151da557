/** What an authorisation server is told of this platform. */
export interface ClientMetadata {
  client_name: string;
  redirect_uris: string[];
  grant_types: string[];
  response_types: string[];
  token_endpoint_auth_method: string;
  application_type: string;
}

/** What this platform says that it is, as a client whose browsers come back to that address: a public one, which proves itself by PKCE. */
export function clientMetadata(redirectUrl: string): ClientMetadata {
  const { hostname } = new URL(redirectUrl);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return {
    client_name: 'Batuta',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: isLocal ? 'native' : 'web',
  };
}
