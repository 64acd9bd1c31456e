/**
 * Something a person must mend before there is anything to deploy. Its message says all; a stack trace of the CDK
 * app would only bury it.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
