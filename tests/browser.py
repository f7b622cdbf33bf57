"""Chromium without a screen, a network or a graphics card, to look at pages as a reader does."""

import json
import shutil

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--use-angle=swiftshader",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1200,1000",
]


class Browser:
    """A browser that is closed at the end of a `with` block.

    Parameters
    ----------
    folder : Path
        Where it keeps its own files, and what is saved, in `downloads`.
    flags : str
        More flags of Chromium.
    """

    def __init__(self, folder, *flags):
        options = Options()
        options.binary_location = CHROMIUM
        for flag in [*FLAGS, f"--user-data-dir={folder}", *flags]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.downloads = folder / "downloads"
        behaviour = {"behavior": "allow", "downloadPath": str(self.downloads)}
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", behaviour)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def open(self, path):
        """Open a file and wait for its viewer; gives whether there is one."""
        self.driver.get(path.as_uri())
        return self.until("return document.documentElement.dataset.viewer") == "ready"

    def run(self, script, *arguments):
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def until(self, script):
        """What a script returns once that is something."""
        return WebDriverWait(self.driver, 90).until(lambda driver: driver.execute_script(script))

    def press(self, element, *keys):
        """Press keys, by their names, in an element with an id."""
        self.driver.find_element(By.ID, element).send_keys(*(getattr(Keys, key) for key in keys))

    def resize(self, width, height):
        """Take the size of another screen, in pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def still(self):
        """Have the page scroll at once, as for readers who are disturbed by motion."""
        feature = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def complaints(self):
        """What the console was told that is worse than information."""
        return [entry for entry in self.driver.get_log("browser") if entry["level"] in ("WARNING", "SEVERE")]

    def addresses(self):
        """All addresses that were asked for, but for data within the page and what belongs to the browser."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
        return {address for address in asked if not address.startswith(("data:", "blob:", "chrome"))}
