/** Why a call cannot be sent as it was asked for, in words that a model can act on. */
export class RequestFault extends Error {}
