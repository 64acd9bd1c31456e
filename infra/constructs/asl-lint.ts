import {
  type AslDefinition,
  type AslScope,
  type AslState,
  listScopes,
  listStates,
  nextStates,
} from './asl-definition.ts';
import { isKnownError, NEVER_RETRIED, OUR_ERRORS, STANDARD_RETRY } from './asl-errors.ts';
import { findIntegration, INTEGRATION_NAMES } from './integration-actions.ts';

/** One breach of the rules for state machines: where, which rule, and what to write instead. */
export interface LintFinding {
  /** Name of the state; empty when it is the machine itself. */
  readonly state: string;
  readonly rule: LintRule;
  readonly message: string;
}

export type LintRule =
  | 'comment'
  | 'query-language'
  | 'graph'
  | 'integration'
  | 'task-timeout'
  | 'task-retry'
  | 'task-catch'
  | 'error-name'
  | 'choice-default'
  | 'choice-question';

type StateRule = (state: AslState, name: string) => readonly (readonly [LintRule, string])[];

/**
 * Checks a state machine against the rules that keep it readable at night and safe to retry: every state says why,
 * every Task ends in time, retries what may be retried and catches the rest, every Choice has a way out, and every
 * error name is one that something can throw.
 *
 * @returns all findings in the order of the states; none when the machine is in order.
 */
export const lintStateMachine = (definition: AslDefinition): LintFinding[] => [
  ...lintMachine(definition).map(([rule, message]) => ({ state: '', rule, message })),
  ...listScopes(definition).flatMap(lintGraph),
  ...listStates(definition).flatMap(([name, state]) =>
    STATE_RULES.flatMap((rule) => rule(state, name)).map(([rule, message]) => ({
      state: name,
      rule,
      message,
    })),
  ),
];

const lintMachine = (definition: AslDefinition): [LintRule, string][] => {
  const found: [LintRule, string][] = [];
  if (!definition.Comment?.trim()) found.push(['comment', 'The machine has no Comment; say what it is for.']);
  if (definition.QueryLanguage !== 'JSONata') {
    found.push(['query-language', 'Write "QueryLanguage": "JSONata" at the top of the machine.']);
  }
  if (definition.TimeoutSeconds === undefined) {
    found.push(['task-timeout', 'The machine has no TimeoutSeconds; without one it may hang for a year.']);
  }
  return found;
};

/** Do all arrows lead somewhere, and is there an arrow to each state? */
const lintGraph = (scope: AslScope): LintFinding[] => {
  const graph = (state: string, message: string): LintFinding => ({ state, rule: 'graph', message });
  const found: LintFinding[] = [];
  const reached = new Set<string>();
  const visit = (name: string, from: string): void => {
    const state = scope.States[name];
    if (!state) found.push(graph(from, `${name} is named as a next state, and there is none of that name.`));
    if (!state || reached.has(name)) return;
    reached.add(name);
    if (!endsOrContinues(state)) found.push(graph(name, 'Has neither Next nor End.'));
    for (const next of nextStates(state)) visit(next, name);
  };
  visit(scope.StartAt, '');
  for (const name of Object.keys(scope.States)) {
    if (!reached.has(name)) found.push(graph(name, 'No other state leads here.'));
  }
  return found;
};

const endsOrContinues = (state: AslState): boolean =>
  state.Next !== undefined || state.End === true || ['Choice', 'Succeed', 'Fail'].includes(state.Type);

const everyStateSaysWhy: StateRule = (state) =>
  state.Comment?.trim() ? [] : [['comment', 'Has no Comment; say why this step is there.']];

const onlyJsonata: StateRule = (state) =>
  state.QueryLanguage === undefined || state.QueryLanguage === 'JSONata'
    ? []
    : [['query-language', `Speaks ${state.QueryLanguage}; the whole machine speaks JSONata.`]];

const integrationIsKnown: StateRule = (state) => {
  if (state.Type === 'Map' && state.ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED') {
    return [
      ['integration', 'A distributed Map is not in the table of integrations; start child executions.'],
    ];
  }
  if (state.Type !== 'Task' || findIntegration(state.Resource ?? '')) return [];
  const allowed = INTEGRATION_NAMES.join(', ');
  return [
    [
      'integration',
      `${state.Resource ?? 'No Resource'} is not in the table of integrations, so nothing would be granted. ` +
        `Use arn:aws:states::: with one of: ${allowed}.`,
    ],
  ];
};

const taskEndsInTime: StateRule = (state) =>
  state.Type !== 'Task' || state.TimeoutSeconds !== undefined
    ? []
    : [['task-timeout', 'Has no TimeoutSeconds; a Task without one may wait for a year.']];

const taskRetries: StateRule = (state) => {
  if (state.Type !== 'Task') return [];
  const found = findIntegration(state.Resource ?? '');
  const callsLambda = found?.name === 'lambda:invoke';
  const retried = (state.Retry ?? []).filter((retrier) => retrier.MaxAttempts !== 0);
  const names = new Set(retried.flatMap((retrier) => retrier.ErrorEquals));
  const breaches: [LintRule, string][] = [];
  const missing = callsLambda ? STANDARD_RETRY.filter((name) => !names.has(name)) : [];
  if (missing.length > 0) breaches.push(['task-retry', `Does not retry ${missing.join(', ')}.`]);
  if (!callsLambda && !found?.integration.waits && names.size === 0) {
    breaches.push(['task-retry', 'Has no Retry; the service it calls is throttled or away now and then.']);
  }
  const forbidden = callsLambda ? NEVER_RETRIED.filter((name) => names.has(name)) : [];
  if (forbidden.length > 0) {
    breaches.push(['task-retry', `Retries ${forbidden.join(', ')}, for which trying again is no answer.`]);
  }
  if (retried.some((retrier) => retrier.JitterStrategy !== 'FULL')) {
    breaches.push([
      'task-retry',
      'Retries without "JitterStrategy": "FULL": many executions would come back at once.',
    ]);
  }
  return breaches;
};

const taskCatchesTheRest: StateRule = (state) => {
  if (state.Type !== 'Task') return [];
  const last = state.Catch?.at(-1)?.ErrorEquals;
  if (last?.length === 1 && last[0] === 'States.ALL') return [];
  return [['task-catch', 'Needs a Catch whose last entry is ["States.ALL"].']];
};

const errorNamesExist: StateRule = (state) => {
  const listened = [...(state.Retry ?? []), ...(state.Catch ?? [])].flatMap((rule) => rule.ErrorEquals);
  const unknown = listened.filter((name) => !isKnownError(name));
  const thrown = state.Type === 'Fail' ? state.Error : undefined;
  const isOurs =
    thrown === undefined || thrown.startsWith('{%') || OUR_ERRORS.some((name) => name === thrown);
  return [
    ...unknown.map((name) => ['error-name', `Listens for ${name}, which nothing throws.`] as const),
    ...(isOurs
      ? []
      : [['error-name', `Fails as ${thrown}; write one of ${OUR_ERRORS.join(', ')}.`] as const]),
  ];
};

const choiceHasDefault: StateRule = (state) =>
  state.Type !== 'Choice' || state.Default !== undefined
    ? []
    : [['choice-default', 'Has no Default; an answer nobody thought of would fail the execution.']];

const QUESTION =
  /^(Is|Are|Was|Were|Has|Have|Had|Does|Do|Did|Can|Should|Must|May|Will|Which|What|Who|How)[A-Z]/;

const choiceIsQuestion: StateRule = (state, name) =>
  state.Type !== 'Choice' || QUESTION.test(name)
    ? []
    : [['choice-question', 'Is a Choice, so its name is a question, such as IsRolloutHealthy.']];

const STATE_RULES: readonly StateRule[] = [
  everyStateSaysWhy,
  onlyJsonata,
  integrationIsKnown,
  taskEndsInTime,
  taskRetries,
  taskCatchesTheRest,
  errorNamesExist,
  choiceHasDefault,
  choiceIsQuestion,
];
