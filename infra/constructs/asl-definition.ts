import * as z from 'zod';

/** The parts of the Amazon States Language that our rules read; everything else passes through untouched. */

const Retrier = z.looseObject({
  ErrorEquals: z.array(z.string()).min(1),
  MaxAttempts: z.int().min(0).optional(),
  JitterStrategy: z.string().optional(),
});

const Catcher = z.looseObject({ ErrorEquals: z.array(z.string()).min(1), Next: z.string() });

const StateType = z.enum(['Task', 'Choice', 'Wait', 'Pass', 'Map', 'Parallel', 'Succeed', 'Fail']);

const AslState = z.looseObject({
  Type: StateType,
  Comment: z.string().optional(),
  QueryLanguage: z.string().optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  Resource: z.string().optional(),
  Arguments: z.unknown().optional(),
  TimeoutSeconds: z.union([z.int(), z.string()]).optional(),
  Error: z.string().optional(),
  Retry: z.array(Retrier).optional(),
  Catch: z.array(Catcher).optional(),
  Choices: z.array(z.looseObject({ Next: z.string() })).optional(),
  Default: z.string().optional(),
  get ItemProcessor() {
    return z
      .looseObject({
        ProcessorConfig: z.looseObject({ Mode: z.string().optional() }).optional(),
        StartAt: z.string(),
        States: z.record(z.string(), AslState),
      })
      .optional();
  },
  get Branches() {
    return z.array(z.looseObject({ StartAt: z.string(), States: z.record(z.string(), AslState) })).optional();
  },
});
export type AslState = z.output<typeof AslState>;

/** A state machine as it stands in a `.asl.json` file. */
export const AslDefinition = z.looseObject({
  Comment: z.string().optional(),
  QueryLanguage: z.string().optional(),
  TimeoutSeconds: z.int().optional(),
  StartAt: z.string(),
  States: z.record(z.string(), AslState),
});
export type AslDefinition = z.output<typeof AslDefinition>;

/** What a machine, a branch and the inside of a Map have in common. */
export type AslScope = Pick<AslDefinition, 'StartAt' | 'States'>;

/** Reads the text of a `.asl.json` file. @throws Error when it is no JSON or no state machine. */
export const parseAsl = (text: string): AslDefinition => AslDefinition.parse(JSON.parse(text));

/** The scopes nested in a state: the branches of a Parallel, the inside of a Map. */
export const innerScopes = (state: AslState): AslScope[] => [
  ...(state.Branches ?? []),
  ...(state.ItemProcessor ? [state.ItemProcessor] : []),
];

/** The machine itself and every scope nested in it. */
export const listScopes = (scope: AslScope): AslScope[] => [
  scope,
  ...Object.values(scope.States).flatMap(innerScopes).flatMap(listScopes),
];

/** Every state with its name, nested ones included. */
export const listStates = (scope: AslScope): [name: string, state: AslState][] =>
  listScopes(scope).flatMap((one) => Object.entries(one.States));

/** The names of the states that may follow, by any way out. */
export const nextStates = (state: AslState): string[] => [
  ...(state.Next === undefined ? [] : [state.Next]),
  ...(state.Default === undefined ? [] : [state.Default]),
  ...(state.Choices ?? []).map((choice) => choice.Next),
  ...(state.Catch ?? []).map((catcher) => catcher.Next),
];
