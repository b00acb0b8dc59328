"""x"""


def results(request, slug):
    pass


def report(request, slug):
    pass


def results_csv(request, slug):
    pass
