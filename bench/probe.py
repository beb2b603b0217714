"""python -m bench.probe JSON: readers who come by chance, each for one public page on a connection of his own.

Prints JSON.
"""

import asyncio
import itertools
import json
import sys
import time

from bench.arrivals import Tally, moments
from bench.people import attempt, expect, launch
from bench.wire import Browser, Place, address_of


async def main() -> None:
    given = json.loads(sys.argv[1])
    place, tally, paths = Place(**given["place"]), Tally(), itertools.cycle(given["paths"])

    async def come(number: int, intended: float) -> None:
        browser = Browser(place, address_of(given["first"] + number), tally, cookies={})

        async def look() -> None:
            expect(await browser.ask("public page", "GET", next(paths), since=intended), 200, "page")

        await attempt(tally, "public page", look())
        browser.close()

    count = round(given["rate"] * given["seconds"])
    await launch(moments(count, given["seconds"], given["first"]), tally, come)
    print(json.dumps(tally.as_json() | {"cpu": time.process_time()}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
