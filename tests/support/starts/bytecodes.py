"""Counting the bytecodes that a script executes, by the interpreter itself."""

COUNTING = """
class counting:
    import sys
    steps = 0
    def step(*_):
        counting.steps += 1
    def trace(frame, event, _):
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        counting.steps += event == "opcode"
        return counting.trace
    def start():
        if monitoring := getattr(counting.sys, "monitoring", None):
            monitoring.use_tool_id(monitoring.PROFILER_ID, "counting")
            monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.INSTRUCTION, counting.step)
            monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.INSTRUCTION)
        else:
            counting.sys.settrace(counting.trace)
    def stop():
        if monitoring := getattr(counting.sys, "monitoring", None):
            monitoring.set_events(monitoring.PROFILER_ID, 0)
        else:
            counting.sys.settrace(None)
counting.start()
"""
"""The beginning of a script: `counting.steps` after `counting.stop()`. Before Python 3.12 tracing counts them."""
