from evaluations.models import Publication
from tests.evaluations import grounds


def test_try(db):
    import time

    t = time.time()
    wave = grounds.closed_wave()
    print("ground", time.time() - t)
    t = time.time()
    grounds.prepare(wave)
    print("prep", time.time() - t)
    for p in Publication.objects.order_by("pk"):
        hid = sum(row[-2] is None for row in p.table["cells"])
        print(p.audience, p.subject, p.dimensions, hid, len(p.table["cells"]), len(str(p.figures)))
    print(Publication.objects.get(audience="house", subject="barriers", dimensions=[]).figures)
    print(Publication.objects.get(audience="house", subject="barriers", dimensions=["size_class"]).figures["weighted"])
    print(Publication.objects.get(audience="house", subject="response", dimensions=["size_class"]).figures)
