"""The kiosks at the way out: stars in Parquet, local times."""

from pipelines.demo.rows import BLANK
from pipelines.demo.spelling import response_id

STARS = {
    "overall": "etoiles",
    "conduct": "etoiles_accueil",
    "facilitation": "etoiles_attente",
    "environment": "etoiles_emballages",
}

ROWS = f"""
SELECT {response_id("BO")} AS id, unit_code::VARCHAR AS borne, submitted AS horodatage,
    {", ".join(f"nullif({key}, {BLANK})::TINYINT AS {name}" for key, name in STARS.items())}
FROM named WHERE drop_at = $drop_at ORDER BY row_at"""
