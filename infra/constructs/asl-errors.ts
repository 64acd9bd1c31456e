/** The error names a state machine of ours may speak of: it compares strings, so a misspelt one never matches. */

/** Of our own Lambdas; the names of `functions/runtime/errors.ts`. */
export const OUR_ERRORS = ['TransientError', 'RefusedError', 'DefectError'] as const;

/**
 * What every Task that calls a Lambda retries. The call failed, or the Lambda was killed: both may be tried again,
 * since each step is idempotent.
 * Source: Step Functions developer guide, "Handle transient Lambda service exceptions"; the last two before ours
 * are what Lambda names a timeout and a crash of the sandbox.
 */
export const STANDARD_RETRY = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'TransientError',
] as const;

/** Retrying these gives the same answer, or hides a bug of ours. */
export const NEVER_RETRIED: readonly string[] = [
  'RefusedError',
  'DefectError',
  'States.ALL',
  'States.TaskFailed',
];

/** Source: Step Functions developer guide, "Error names". */
const STATES_ERRORS = [
  'States.ALL',
  'States.DataLimitExceeded',
  'States.ExceedToleratedFailureThreshold',
  'States.HeartbeatTimeout',
  'States.Http.Socket',
  'States.ItemReaderFailed',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.ResultWriterFailed',
  'States.Runtime',
  'States.TaskFailed',
  'States.Timeout',
];

/** Exceptions of the services we integrate with, in the form `<Service>.<Exception>` that Step Functions gives them. */
const SERVICE_ERRORS = [
  'EventBridge.SdkClientException',
  'Sns.InternalErrorException',
  'Sns.SdkClientException',
  'Sns.ThrottledException',
  'Sqs.SdkClientException',
  'StepFunctions.ExecutionAlreadyExistsException',
  'StepFunctions.ExecutionLimitExceededException',
  'StepFunctions.SdkClientException',
  'StepFunctions.ThrottlingException',
];

const KNOWN: ReadonlySet<string> = new Set([
  ...OUR_ERRORS,
  ...STANDARD_RETRY,
  ...STATES_ERRORS,
  ...SERVICE_ERRORS,
]);

/** Is this a name that something in our machines can really throw? */
export const isKnownError = (name: string): boolean => KNOWN.has(name);
