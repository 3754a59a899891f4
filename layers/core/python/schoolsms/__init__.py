from schoolsms.kept_code import use_kept_code

use_kept_code(__path__[0])  # before anything else of a function is loaded
