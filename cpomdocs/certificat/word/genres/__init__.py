"""Ce que chaque genre de place doit montrer : champs, cases à cocher, images, données liées."""
