import gc

from schoolsms.kept_code import use_kept_code

use_kept_code(__path__[0])  # before anything else of a function is loaded

# Loading makes no garbage, and looking for some took a thirtieth of a start. `bootstrap` and the sandbox set it back;
# the console's function imports neither, and its answers leave no garbage.
gc.set_threshold(100_000)
