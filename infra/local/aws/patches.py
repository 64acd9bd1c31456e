"""What MiniStack does otherwise than AWS where Drydock depends on it, and the text that puts it right.

Each patch is part of one `fix`; README.md says what each fix is for, and test/local/aws-gaps.world.test.ts
fails as soon as upstream no longer needs one.
"""

from typing import NamedTuple


class Patch(NamedTuple):
    fix: str
    module: str
    before: str
    after: str


WORKER = "ministack.core.lambda_runtime"
LAMBDA = "ministack.services.lambda_svc"
STATES = "ministack.services.stepfunctions"

# Ends an execution that outlives its state machine's TimeoutSeconds.
# A timer thread, because the thread that walks the definition may sit in a task for as long as that takes.
TIME_OUT = '''
def _drydock_time_out(execution, seconds):
    def end():
        if execution["status"] != "RUNNING":
            return
        execution.update(status="TIMED_OUT", error="States.Timeout", cause=None, stopDate=now_iso())
        _add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": "States.Timeout"}})
        _emit_execution_status_event(execution)
    timer = threading.Timer(seconds, contextvars.copy_context().run, args=(end,))
    timer.daemon = True
    timer.start()


def _run_execution(exec_arn):
'''

PATCHES = [
    # Loopback has no TLS, and every bucket of ours (and of `cdk bootstrap`) refuses callers without it.
    Patch(
        "secure-transport",
        "ministack.app",
        'headers.get("x-forwarded-proto", "").split(",")[0].strip().lower() == "https")\n\n    request_id',
        "True)\n\n    request_id",
    ),
    # `Ref` of a secret is its ARN; with the name, which it gives here, every grant on that secret misses.
    Patch(
        "secret-ref",
        "ministack.services.cloudformation.engine",
        '        if ref in resources and "PhysicalResourceId" in resources[ref]:\n',
        '        if resources.get(ref, {}).get("ResourceType") == "AWS::SecretsManager::Secret":\n'
        '            return resources[ref]["Attributes"]["Arn"]\n'
        '        if ref in resources and "PhysicalResourceId" in resources[ref]:\n',
    ),
    # A batch of messages is authorised as the single call: IAM knows no sqs:SendMessageBatch.
    # Service authorization reference, "Actions defined by Amazon SQS".
    Patch(
        "batch-action",
        "ministack.core.iam_actions",
        "    action_name = _action_from_target(headers)\n    if action_name:\n"
        '        return f"{namespace}:{action_name}"\n\n    # Tier 3',
        "    action_name = _action_from_target(headers)\n    if action_name:\n"
        '        if service == "sqs":\n            action_name = action_name.removesuffix("Batch")\n'
        '        return f"{namespace}:{action_name}"\n\n    # Tier 3',
    ),
    # The right to simulate a principal is a right on that principal, which is asked here of "*".
    # Service authorization reference, "Actions defined by AWS Identity and Access Management".
    Patch(
        "simulate-resource",
        "ministack.core.iam_actions",
        '    if service == "iam":\n        # IAM actions target',
        '    if service == "iam":\n'
        '        principal = _query_param(query_params, "PolicySourceArn")\n'
        '        if principal:\n            return principal\n'
        '        # IAM actions target',
    ),
    # What a simulation is told of its context decides conditions, such as one on the tags of a resource.
    # IAM API reference, SimulatePrincipalPolicy: ContextEntries.
    Patch(
        "simulate-context",
        "ministack.services.iam",
        'def _extract_simulate_params(p):\n    actions = []\n',
        '_simulated_context = {}\n\n\n'
        'def _extract_simulate_params(p):\n'
        '    _simulated_context.clear()\n'
        '    entry = 1\n'
        '    while _p(p, f"ContextEntries.member.{entry}.ContextKeyName"):\n'
        '        of = f"ContextEntries.member.{entry}"\n'
        '        _simulated_context[_p(p, f"{of}.ContextKeyName").lower()] = _p(p, f"{of}.ContextKeyValues.member.1")\n'
        '        entry += 1\n'
        '    actions = []\n',
    ),
    Patch(
        "simulate-context",
        "ministack.services.iam",
        '                secure_transport=False,\n            )\n            result = evaluate(ctx, policies)\n            raw',
        '                secure_transport=False,\n                service_context=dict(_simulated_context),\n'
        '            )\n            result = evaluate(ctx, policies)\n            raw',
    ),
    # Step Functions retries and catches by name: the name of what a Node handler throws must survive.
    Patch(
        "error-name",
        WORKER,
        'status: "error", error: String(err.message || err), trace: err.stack || ""',
        'status: "error", errorType: err.name || "Error", error: String(err.message || err), trace: err.stack || ""',
    ),
    Patch(
        "error-name",
        WORKER,
        'status: "error", error: e.message, trace: e.stack\n',
        'status: "error", errorType: e.name || "Error", error: e.message, trace: e.stack\n',
    ),
    Patch(
        "error-name",
        LAMBDA,
        'error_type = "Runtime.HandlerError"\n            if _RIE_TIMEOUT_TEXT_RE',
        'error_type = result.get("errorType") or "Runtime.HandlerError"\n            if _RIE_TIMEOUT_TEXT_RE',
    ),
    # What a failed startExecution is called: the optimised integration puts its own name around the error's.
    Patch(
        "child-error-name",
        STATES,
        "    status, _, body = _start_execution(request)\n    payload = json.loads(body) if body else {}\n\n"
        "    if status >= 400:\n        raise _ExecutionError(\n"
        '            payload.get("__type", "States.Runtime"),\n',
        "    status, _, body = _start_execution(request)\n    payload = json.loads(body) if body else {}\n\n"
        "    if status >= 400:\n        raise _ExecutionError(\n"
        """            f"StepFunctions.{payload.get('__type')}Exception",\n""",
    ),
    # A throttled Lambda is named so, and an execution that waits patiently for its turn must know it from a failure.
    Patch(
        "throttle-name",
        STATES,
        '                body.get("errorType", "Lambda.Unknown"),\n                json.dumps(body))',
        '                body.get("errorType") or f"Lambda.{body.get(\'__type\', \'Unknown\')}",\n'
        '                json.dumps(body))',
    ),
    # MaxDelaySeconds of a Retry, instead of always a minute.
    Patch(
        "retry-delay",
        STATES,
        "                _scaled_sleep(min(sleep_sec, 60))\n",
        '                _scaled_sleep(min(sleep_sec, retrier.get("MaxDelaySeconds", sleep_sec)))\n',
    ),
    # A process that dies while it works is Runtime.ExitError on AWS, which every Retry of ours names.
    Patch(
        "exit-name",
        WORKER,
        'result_box.append({"status": "error", "error": "Worker process died"})',
        'result_box.append({"status": "error", "errorType": "Runtime.ExitError", "error": "Worker process died"})',
    ),
    Patch(
        "exit-name",
        WORKER,
        '                except Exception as e:\n                    result_box.append({"status": "error", "error": str(e)})',
        '                except Exception as e:\n'
        '                    result_box.append({"status": "error", "errorType": "Runtime.ExitError", "error": str(e)})',
    ),
    # A sandbox outlives what its handler throws; without this every error costs the next call a cold start.
    Patch(
        "warm-after-error",
        WORKER,
        'response = result_box[0]\n            if response.get("status") == "error":',
        'response = result_box[0]\n            if response.get("status") == "error" and not response.get("trace"):',
    ),
    # 50 ms of waiting for log lines on every call that logs nothing.
    Patch(
        "silent-call-delay",
        WORKER,
        "first_line_wait: float = 0.050",
        "first_line_wait: float = 0.002",
    ),
    # 150 ms of sleep before the first state of every execution.
    Patch(
        "start-delay",
        STATES,
        "    time.sleep(0.15)\n",
        "    time.sleep(0.002)\n",
    ),
    # An aborted execution stays aborted and starts no further state or attempt, wherever it was.
    Patch(
        "abort",
        STATES,
        'def _fail_execution(execution, error, cause):\n',
        'def _fail_execution(execution, error, cause):\n'
        '    if execution["status"] != "RUNNING":\n'
        '        return\n',
    ),
    Patch(
        "abort",
        STATES,
        "        # Each attempt sees its own $$.State.RetryCount.\n",
        '        if execution["status"] != "RUNNING":\n'
        '            raise _ExecutionError("States.Runtime", "The execution has ended")\n',
    ),
    # TimeoutSeconds of a whole state machine, and so the status TIMED_OUT.
    Patch("machine-timeout", STATES, "\ndef _run_execution(exec_arn):\n", TIME_OUT),
    Patch(
        "machine-timeout",
        STATES,
        '    all_states = definition.get("States", {})\n    current_name = definition.get("StartAt")\n'
        "    if not current_name or current_name not in all_states:\n        _fail_execution",
        '    if "TimeoutSeconds" in definition:\n'
        '        _drydock_time_out(execution, definition["TimeoutSeconds"])\n'
        '    all_states = definition.get("States", {})\n    current_name = definition.get("StartAt")\n'
        "    if not current_name or current_name not in all_states:\n        _fail_execution",
    ),
    # TimeoutSeconds of a Task that waits for its token may be an expression, as that of any other state.
    Patch(
        "callback-timeout",
        STATES,
        "                task_result = _invoke_with_callback(\n"
        '                    resource, effective, ctx["Task"]["Token"], state_def)\n',
        "                timed = state_def\n"
        '                if isinstance(state_def.get("TimeoutSeconds"), str):\n'
        '                    seconds = _jsonata_state_field(state_def, "TimeoutSeconds", "number", raw_input, ctx)\n'
        '                    timed = {**state_def, "TimeoutSeconds": seconds}\n'
        "                task_result = _invoke_with_callback(\n"
        '                    resource, effective, ctx["Task"]["Token"], timed)\n',
    ),
    # A range of a version that is named, as of the newest one: RFC 9110 section 14, and API reference, GetObject.
    Patch(
        "version-range",
        "ministack.services.s3",
        "                if body is None:\n                    break\n                return 200, resp_headers, body\n"
        '        return _error("NoSuchVersion"',
        "                if body is None:\n                    break\n"
        '                if headers.get("range"):\n'
        '                    span = _parse_range(headers["range"], len(body))\n'
        "                    if span is None:\n"
        '                        told = {"Content-Type": "application/xml"}\n'
        "                        return 416, told, _xml_body(_range_error_xml(bucket_name, key))\n"
        "                    start, end = span\n"
        '                    resp_headers["Content-Range"] = f"bytes {start}-{end}/{len(body)}"\n'
        '                    resp_headers["Content-Length"] = str(end + 1 - start)\n'
        "                    return 206, resp_headers, body[start : end + 1]\n"
        "                return 200, resp_headers, body\n"
        '        return _error("NoSuchVersion"',
    ),
    # Schedules are looked at every 10 s; a person watching the tour should not wait for that.
    Patch(
        "schedule-tick",
        "ministack.services.scheduler",
        "_SCHEDULE_TICK_INTERVAL = 10 ",
        "_SCHEDULE_TICK_INTERVAL = 1 ",
    ),
    Patch(
        "schedule-tick",
        "ministack.services.eventbridge",
        "_SCHEDULER_TICK_INTERVAL = 10 ",
        "_SCHEDULER_TICK_INTERVAL = 1 ",
    ),
    # A subnet has as many addresses as its range, less the five that AWS keeps, instead of always 251.
    # https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
    Patch(
        "subnet-addresses",
        "ministack.services.ec2",
        '        "AvailableIpAddressCount": 251,\n',
        '        "AvailableIpAddressCount": 2 ** (32 - int(cidr.split("/")[1])) - 5,\n',
    ),
]
