/** What IAM says that a role may do, without anybody doing it. */

/** One question: may the role do this to that? */
export interface SimulationQuestion {
  /** `s3:ListBucket`. */
  readonly action: string;
  /** ARN. */
  readonly resource: string;
}

/** The answer to one question. Source: IAM API reference, `EvaluationResult`. */
export interface SimulationAnswer extends SimulationQuestion {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** Keys of conditions that the simulation was not told; the true answer may be another one. */
  readonly missingContext: readonly string[];
}

/**
 * Asks `iam:SimulatePrincipalPolicy`. It sees the policies of the role, its boundary and those of its organisation, and
 * not that of a bucket or a key.
 */
export interface RoleSimulation {
  /**
   * @param role ARN.
   * @returns an answer to each question that IAM answered, in the order of the questions.
   * @throws RefusedError `iam.forbidden` (with the missing right as its `permission`), `iam.missing` (no such role),
   * `iam.no-credentials`, `iam.refused`; TransientError `iam.unreachable`, `iam.throttled`.
   */
  simulate(
    role: string,
    questions: readonly SimulationQuestion[],
    signal?: AbortSignal,
  ): Promise<readonly SimulationAnswer[]>;
}
